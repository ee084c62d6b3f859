package io.firn.maintain;

import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.List;

import org.apache.iceberg.Table;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.util.LocationUtil;

import io.firn.table.Causes;
import io.firn.table.TableException;

/** What lies under a table's location, whoever put it there. */
final class Listing {
    private static final int TRIES = 3;

    private Listing() {}

    /** Asks the table's own store. */
    static List<ListedFile> of(Table table) {
        FileIO io = table.io();
        if (!(io instanceof SupportsPrefixOperations store)) {
            throw new TableException("Table " + table.name() + ": its files are reached by "
                    + io.getClass().getName() + ", which cannot list them. Nothing was removed; on S3 give an inventory"
                    + " with --inventory.");
        }
        String location = LocationUtil.stripTrailingSlash(table.location());
        for (int tries = 1; ; tries++) {
            List<ListedFile> files = new ArrayList<>();
            try {
                // The slash: without it S3 also lists what lies beside a table whose name begins the same.
                for (FileInfo file : store.listPrefix(location + "/")) {
                    add(files, location, new ListedFile(file.location(), file.size(), file.createdAtMillis()));
                }
                return files;
            } catch (RuntimeException e) {
                // A folder went while it was listed, or there is none because the table's files lie elsewhere.
                if (!Causes.has(e, FileNotFoundException.class)) {
                    throw e;
                }
                if (tries == TRIES && files.isEmpty()) {
                    return List.of();
                }
                if (tries == TRIES) {
                    throw new TableException(
                            "Table " + table.name() + ": folders kept vanishing while its location was listed."
                                    + " Nothing was removed; run again.",
                            e);
                }
            }
        }
    }

    /** Adds what a table's file may be: no folder's marker, and nothing that a name says to look away from. */
    static void add(List<ListedFile> files, String location, ListedFile file) {
        if (isVisible(file.location(), ListedFile.key(location))) {
            files.add(file);
        }
    }

    /** As Iceberg says it: names with . or _ in front are hidden, unless they are values of a partition. */
    private static boolean isVisible(String location, String folder) {
        String key = ListedFile.key(location);
        if (location.endsWith("/") || !ListedFile.isBelow(key, folder)) {
            return false;
        }
        for (String part : key.substring(folder.length()).split("/")) {
            if ((part.startsWith(".") || part.startsWith("_")) && !part.contains("=")) {
                return false;
            }
        }
        return true;
    }
}
