package io.firn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pipelines of a project: all YAML files in its folder that begin one. */
final class ProjectFiles {
    private static final int DEEPEST = 6;
    private static final long LARGEST = 10_000_000;
    private static final Pattern BEGINS_PIPELINE = Pattern.compile("pipeline\\s*:.*");

    private ProjectFiles() {}

    /** Their files, in order; folders whose names begin with a dot, and those of built things, are left out. */
    static List<Path> pipelines(Path folder) {
        List<Path> found = new ArrayList<>();
        try {
            Files.walkFileTree(folder, EnumSet.noneOf(FileVisitOption.class), DEEPEST, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                    String name =
                            dir.getFileName() == null ? "" : dir.getFileName().toString();
                    boolean aside = name.length() > 1 && name.startsWith(".") && !name.equals("..");
                    return !dir.equals(folder) && (aside || name.equals("target"))
                            ? FileVisitResult.SKIP_SUBTREE
                            : FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (file.toString().matches(".*\\.ya?ml") && attributes.size() < LARGEST && isPipeline(file)) {
                        found.add(file);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("The project's pipelines cannot be looked for in " + folder, e);
        }
        found.sort(Comparator.naturalOrder());
        return found;
    }

    private static boolean isPipeline(Path file) throws IOException {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.anyMatch(line -> BEGINS_PIPELINE.matcher(line).matches());
        } catch (UncheckedIOException e) {
            // Not text.
            return false;
        }
    }
}
