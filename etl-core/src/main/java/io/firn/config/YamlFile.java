package io.firn.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A YAML file as it was read: its values and, kept apart, the profiles that may be laid over them. */
public final class YamlFile {
    private static final int MAX_BYTES = 1 << 20;
    private static final String PROFILES = "profiles";

    private final Path path;
    private final String sha256;
    private final Tree base;
    private final Map<String, Tree> profiles;

    private YamlFile(Path path, String sha256, Tree base, Map<String, Tree> profiles) {
        this.path = path;
        this.sha256 = sha256;
        this.base = base;
        this.profiles = profiles;
    }

    /** Reads a file; null, with the problems noted, if it is not a YAML mapping. */
    public static YamlFile read(Path path, Problems problems) {
        byte[] bytes;
        try {
            if (Files.size(path) > MAX_BYTES) {
                problems.add(at(path, "larger than 1 MiB; a configuration is smaller"));
                return null;
            }
            bytes = Files.readAllBytes(path);
        } catch (NoSuchFileException e) {
            problems.add(at(path, "there is no such file"));
            return null;
        } catch (IOException e) {
            problems.add(at(path, "cannot be read (" + e.getClass().getSimpleName() + "); name a readable YAML file"));
            return null;
        }
        Tree tree;
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            tree = Yaml.document(text, path.toString(), problems);
        } catch (CharacterCodingException e) {
            problems.add(at(path, "not UTF-8"));
            return null;
        }
        if (tree == null) {
            return null;
        }
        if (!(tree instanceof Tree.Mapping mapping)) {
            problems.add(tree.position().problem("expected a mapping (key: value), found " + SchemaCheck.shown(tree)));
            return null;
        }
        Map<String, Tree.Entry> entries = new LinkedHashMap<>(mapping.entries());
        Map<String, Tree> profiles = profiles(entries.remove(PROFILES), problems);
        return new YamlFile(path, sha256(bytes), new Tree.Mapping(entries, mapping.position()), profiles);
    }

    /** A file that need not exist: nothing is set. */
    public static YamlFile absent(Path path) {
        Position start = new Position(path.toString(), 0, 0, null);
        return new YamlFile(path, "", new Tree.Mapping(Map.of(), start), Map.of());
    }

    public Path path() {
        return path;
    }

    /** Of the file's bytes, in hex. */
    public String sha256() {
        return sha256;
    }

    /** The profiles that the file knows. */
    public Set<String> profiles() {
        return profiles.keySet();
    }

    /** The values with a profile laid over them; without one where the file does not know it. */
    Tree tree(String profile) {
        Tree overlay = profile == null ? null : profiles.get(profile);
        return overlay == null ? base : base.overlaid(overlay);
    }

    private static Map<String, Tree> profiles(Tree.Entry entry, Problems problems) {
        Map<String, Tree> profiles = new LinkedHashMap<>();
        if (entry == null) {
            return profiles;
        }
        if (!(entry.value() instanceof Tree.Mapping byName)) {
            problems.add(entry.key().problem("profiles is a mapping from a profile's name to what it sets"));
            return profiles;
        }
        byName.entries().forEach((name, profile) -> {
            if (profile.value() instanceof Tree.Mapping) {
                profiles.put(name, labelled(profile.value(), name));
            } else {
                problems.add(profile.key().problem("profile \"" + name + "\" is a mapping of what it sets"));
            }
        });
        return profiles;
    }

    private static Tree labelled(Tree tree, String profile) {
        Position position = labelled(tree.position(), profile);
        if (tree instanceof Tree.Mapping mapping) {
            Map<String, Tree.Entry> entries = new LinkedHashMap<>();
            mapping.entries()
                    .forEach((key, entry) -> entries.put(
                            key, new Tree.Entry(labelled(entry.key(), profile), labelled(entry.value(), profile))));
            return new Tree.Mapping(entries, position);
        }
        if (tree instanceof Tree.Sequence sequence) {
            List<Tree> items = sequence.items().stream()
                    .map(item -> labelled(item, profile))
                    .toList();
            return new Tree.Sequence(items, position);
        }
        Tree.Scalar scalar = (Tree.Scalar) tree;
        return new Tree.Scalar(scalar.json(), scalar.source(), scalar.quoted(), position);
    }

    private static Position labelled(Position position, String profile) {
        return new Position(position.file(), position.line(), position.column(), profile);
    }

    private static Problem at(Path path, String message) {
        return new Problem(path.toString(), 1, 1, message);
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
