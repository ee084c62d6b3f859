package io.firn.maintain;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.iceberg.Table;
import org.apache.iceberg.actions.DeleteOrphanFiles.PrefixMismatchMode;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

import io.firn.table.LakeTable;

/** Finds a table's orphans: Iceberg's action says which files no snapshot names, and this looks at each again. */
final class OrphanSearch {
    /** What files of one write have in common, in their names. */
    private static final Pattern WRITE =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<=-)[0-9a-f]{19,20}(?=[-.])");

    /** How Iceberg's action says what it cannot tell apart. */
    private static final String CONFLICT = "Conflicting authorities/schemes: ";

    private static final StructType FILE_LIST =
            new StructType().add("file_path", DataTypes.StringType).add("last_modified", DataTypes.TimestampType);

    private final SparkSession spark;
    private final LakeTable lake;
    private final Table table;
    private final List<ListedFile> listed;
    private final Territory territory;
    private final SortedMap<String, Long> kept = new TreeMap<>();

    /** Throws {@link Refused} when the table's files cannot be told from others. */
    OrphanSearch(SparkSession spark, LakeTable lake, List<ListedFile> listed) {
        this.spark = spark;
        this.lake = lake;
        this.table = lake.table();
        this.listed = listed;
        this.territory = new Territory(table, listed);
    }

    /**
     * What was found.
     *
     * @param orphans what may be removed
     * @param kept how many files no snapshot of the table named and are kept all the same, by reason
     * @param live says which of the orphans came to be named since
     */
    record Found(List<ListedFile> orphans, SortedMap<String, Long> kept, List<LiveFiles> live) {}

    /** Files that were written before a time. */
    Found find(Instant before, Neighbours neighbours) {
        Map<String, ListedFile> candidates = new HashMap<>();
        Set<String> running = new HashSet<>();
        List<Row> old = new ArrayList<>();
        Map<String, ListedFile> byLocation = new HashMap<>();
        for (ListedFile file : listed) {
            if (file.isOlderThan(before)) {
                old.add(RowFactory.create(file.location(), new Timestamp(file.modified())));
                byLocation.put(file.location(), file);
            } else {
                String write = write(file.location());
                if (write != null) {
                    running.add(write);
                }
            }
        }
        for (String location : unnamed(old, before)) {
            candidates.put(ListedFile.key(location), byLocation.get(location));
        }
        if (candidates.isEmpty()) {
            return new Found(List.of(), kept, List.of());
        }
        keep(candidates, territory::claim);
        keep(candidates, key -> running.contains(write(key)) ? "of a write that has younger files" : null);
        Claims claims = new Claims(table, neighbours, lake.name());
        keep(candidates, claims::claim);
        List<LiveFiles> live = new ArrayList<>();
        Set<String> keys = Set.copyOf(candidates.keySet());
        live.add(new LiveFiles(table, keys));
        claims.sharers().forEach(sharer -> live.add(new LiveFiles(sharer, keys)));
        Set<String> named = new HashSet<>();
        live.forEach(files -> named.addAll(files.find()));
        keep(candidates, key -> named.contains(key) ? "named by a table when looked at again" : null);
        return new Found(List.copyOf(candidates.values()), kept, live);
    }

    /** What Iceberg's own action would delete, were it let. */
    private List<String> unnamed(List<Row> old, Instant before) {
        if (old.isEmpty()) {
            return List.of();
        }
        Dataset<Row> files = spark.createDataFrame(old, FILE_LIST);
        List<String> found = new ArrayList<>();
        try {
            SparkActions.get(spark)
                    .deleteOrphanFiles(table)
                    // The list is of this location only; the action would compare it to others as text.
                    .location(null)
                    .compareToFileList(files)
                    .olderThan(before.toEpochMilli())
                    .prefixMismatchMode(PrefixMismatchMode.ERROR)
                    .deleteWith(location -> RemoveOrphans.LOG.debug("not named: {}", location))
                    .execute()
                    .orphanFileLocations()
                    .forEach(found::add);
        } catch (ValidationException e) {
            if (!e.getMessage().contains(CONFLICT)) {
                throw e;
            }
            throw new Refused(
                    "its metadata names files under another scheme or host than they were listed under, so nobody can"
                            + " tell whether they are the same: "
                            + e.getMessage().substring(e.getMessage().indexOf(CONFLICT) + CONFLICT.length())
                            + " s3, s3a and s3n count as one, nothing else does. Make the table's location and the paths"
                            + " in its metadata agree",
                    e);
        }
        return found;
    }

    /** Takes away from the candidates those for which there is a reason to keep them. */
    private void keep(Map<String, ListedFile> candidates, Reason reason) {
        candidates.keySet().removeIf(key -> {
            String why = reason.of(key);
            if (why != null) {
                kept.merge(why, 1L, Long::sum);
            }
            return why != null;
        });
    }

    private interface Reason {
        String of(String key);
    }

    private static String write(String location) {
        Matcher match = WRITE.matcher(location.substring(location.lastIndexOf('/') + 1));
        return match.find() ? match.group() : null;
    }
}
