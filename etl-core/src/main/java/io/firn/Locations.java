package io.firn;

import java.nio.file.Path;
import java.util.regex.Pattern;

import io.firn.config.Document;
import io.firn.config.YamlFile;

/** Paths in YAML: local ones become absolute, those of an object store stay as they are. */
final class Locations {
    private static final Pattern REMOTE = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
    private static final String SQLITE = "jdbc:sqlite:";

    private Locations() {}

    /** A value of a file made absolute: from the file's folder, or from the working directory for an override. */
    static String absolute(String location, YamlFile file, Document<?> document, String... path) {
        if (location == null) {
            return null;
        }
        Path folder = document.fromCommandLine(path) ? Path.of("").toAbsolutePath() : folder(file.path());
        if (location.startsWith(SQLITE)) {
            String database = location.substring(SQLITE.length());
            boolean relative = !database.isEmpty()
                    && !database.startsWith("/")
                    && !database.startsWith(":")
                    && !database.startsWith("file:");
            return relative ? SQLITE + folder.resolve(database).normalize() : location;
        }
        if (location.startsWith("/") || REMOTE.matcher(location).matches() || location.startsWith("${")) {
            return location;
        }
        String absolute = folder.resolve(location).normalize().toString();
        return location.endsWith("/") ? absolute + "/" : absolute;
    }

    static Path folder(Path file) {
        return file.toAbsolutePath().normalize().getParent();
    }

    /** The folder of that name beside a folder; null if that would be outside its bucket. */
    static String sibling(String folder, String name) {
        if (folder == null) {
            return null;
        }
        String plain = folder.replaceAll("/+$", "");
        int slash = plain.lastIndexOf('/');
        boolean bucket = slash > 0 && plain.charAt(slash - 1) == '/';
        return bucket ? null : plain.substring(0, slash + 1) + name;
    }

    /** Whether a place is a folder or lies below it. */
    static boolean inside(String place, String folder) {
        if (place == null || folder == null) {
            return false;
        }
        return (plain(place) + "/").startsWith(plain(folder) + "/");
    }

    private static String plain(String location) {
        return location.replaceFirst("^s3[an]:", "s3:")
                .replaceFirst("^file:/+", "/")
                .replaceAll("(?<!:)/+", "/")
                .replaceAll("/$", "");
    }
}
