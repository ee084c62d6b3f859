package io.firn.maintain;

import java.time.Instant;

import org.apache.hadoop.fs.Path;

/**
 * A file that lies in a store.
 *
 * @param location as the store names it
 * @param bytes its length
 * @param modified when it was written, by the store's clock, in milliseconds
 */
record ListedFile(String location, long bytes, long modified) {

    /** What makes two spellings of an address the same file: neither scheme nor host, nor how many slashes. */
    static String key(String location) {
        return new Path(location).toUri().getPath();
    }

    /** Whether something lies below a folder, both as {@link #key} says them. */
    static boolean isBelow(String key, String folder) {
        return key.startsWith(folder.endsWith("/") ? folder : folder + "/");
    }

    /** The folder that something lies in, as {@link #key} says it. */
    static String folder(String key) {
        int cut = key.lastIndexOf('/');
        return cut <= 0 ? "/" : key.substring(0, cut);
    }

    String key() {
        return key(location);
    }

    boolean isOlderThan(Instant time) {
        return modified < time.toEpochMilli();
    }
}
