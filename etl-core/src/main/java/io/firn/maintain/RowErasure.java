package io.firn.maintain;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firn.maintain.ErasureFigures.Erased;
import io.firn.maintain.ErasureFigures.Found;
import io.firn.maintain.ErasureFigures.Proof;
import io.firn.maintain.ErasureFigures.Unnamed;
import io.firn.maintain.FileReplacement.Replaced;
import io.firn.table.LakeTable;
import io.firn.table.RetriesExhausted;
import io.firn.table.TableException;

/**
 * Takes rows out of one table for good: out of its data files, whether main still shows them or not, out of its
 * manifests' bounds, and out of its history. May be killed anywhere and run again; each step looks for what is left.
 */
public final class RowErasure {
    static final Logger LOG = LoggerFactory.getLogger(RowErasure.class);
    private static final int ROUNDS = 5;

    private final SparkSession spark;
    private final LakeTable lake;
    private final Matching what;
    private final Duration patience;
    private final Table table;

    /** @param patience how long a commit, and the beginning, waits for runs that are publishing */
    public RowErasure(SparkSession spark, LakeTable lake, Matching what, Duration patience) {
        this.spark = spark;
        this.lake = lake;
        this.what = what;
        this.patience = patience;
        this.table = CourteousTable.of(lake, patience);
    }

    /** Looks, and changes nothing. */
    public Found find() {
        table.refresh();
        Snapshot head = table.currentSnapshot();
        if (head == null) {
            return new Found(0, 0, 0, List.of(), 0);
        }
        if (!"0".equals(head.summary().getOrDefault("total-equality-deletes", "0"))) {
            throw new TableException("Table " + lake.name()
                    + " has equality deletes, which hold values of rows and which Firn does not write. Let the engine that"
                    + " wrote them compact the table, then erase.");
        }
        NamedFiles names = new NamedFiles(table);
        RowSearch search = new RowSearch(spark, table, lake.name(), what);
        Map<String, DataFile> main = names.of(List.of(head));
        List<Snapshot> shown = new ArrayList<>();
        table.refs().values().forEach(ref -> shown.add(table.snapshot(ref.snapshotId())));
        Map<String, Long> holding = search.in(names.of(shown).values());
        Set<String> files = new TreeSet<>(holding.keySet());
        files.retainAll(main.keySet());
        int snapshots = 0;
        for (Snapshot snapshot : table.snapshots()) {
            snapshots += snapshot.snapshotId() == head.snapshotId() ? 0 : 1;
        }
        return new Found(
                holding.values().stream().mapToLong(Long::longValue).sum(),
                files.size(),
                files.stream()
                        .mapToLong(file -> main.get(file).fileSizeInBytes())
                        .sum(),
                List.copyOf(search.refs(names, holding.keySet())),
                snapshots);
    }

    /** Waits for runs that are publishing; the branches of those that still are when patience ends. */
    public Set<String> awaitRuns() {
        Instant until = Instant.now().plus(patience);
        while (true) {
            table.refresh();
            Set<String> running = CourteousTable.publishing(table.refs().keySet());
            if (running.isEmpty() || Instant.now().isAfter(until)) {
                return running;
            }
            LockSupport.parkNanos(CourteousTable.LOOK.toNanos());
        }
    }

    /** The rows wherever any snapshot still stores them; to be closed over by nobody but the caller, at once. */
    public List<Row> stored(Column... columns) {
        table.refresh();
        List<Snapshot> all = new ArrayList<>();
        table.snapshots().forEach(all::add);
        Map<String, DataFile> files = new NamedFiles(table).of(all);
        RowSearch search = new RowSearch(spark, table, lake.name(), what);
        List<DataFile> holding = new ArrayList<>();
        search.in(files.values()).keySet().forEach(path -> holding.add(files.get(path)));
        if (holding.isEmpty()) {
            return List.of();
        }
        try (StoredRows stored = StoredRows.physically(spark, table, holding)) {
            Dataset<Row> rows = stored.rows().where(what.rows()).select(columns).distinct();
            return rows.collectAsList();
        }
    }

    /** Drops references, so that what only they show can be expired. */
    public void drop(List<String> refs) {
        for (String name : refs) {
            boolean dropped = false;
            for (int tries = 0; tries < ROUNDS && !dropped; tries++) {
                table.refresh();
                SnapshotRef ref = table.refs().get(name);
                try {
                    if (ref != null && ref.isTag()) {
                        table.manageSnapshots().removeTag(name).commit();
                    } else if (ref != null) {
                        table.manageSnapshots().removeBranch(name).commit();
                    }
                    dropped = true;
                } catch (CommitFailedException e) {
                    LOG.debug("reference {} not dropped yet: the table changed", name);
                }
            }
        }
    }

    /** Erases; {@link #prove} tells whether all of it is gone, as a run may have brought more meanwhile. */
    public Erased erase() {
        Erased done = new Erased(0, 0, 0, 0, 0, 0);
        for (int round = 0; ; round++) {
            stop("delete");
            table.refresh();
            Snapshot head = table.currentSnapshot();
            if (head == null) {
                return done;
            }
            RowSearch search = new RowSearch(spark, table, lake.name(), what);
            Map<String, Long> holding =
                    search.in(new NamedFiles(table).of(List.of(head)).values());
            if (holding.isEmpty()) {
                break;
            }
            if (round == ROUNDS) {
                throw new RetriesExhausted(
                        "Table " + lake.name() + ": other runs kept changing the files to be erased; run again.", null);
            }
            stop("rewrite");
            Replaced replaced = new FileReplacement(spark, table, what).replace(new HashMap<>(holding));
            if (replaced != null) {
                done = done.plus(
                        new Erased(replaced.rows(), replaced.files(), replaced.written(), replaced.bytes(), 0, 0));
            }
        }
        Traces traces = new Traces(spark, lake, table);
        stop("manifests");
        traces.dropDanglingDeletes();
        int manifests = traces.dropRemovedEntries();
        stop("expire");
        return done.plus(new Erased(0, 0, 0, 0, manifests, traces.expire()));
    }

    /** Reads every file that any snapshot names. */
    public Proof prove() {
        stop("prove");
        table.refresh();
        List<Snapshot> all = new ArrayList<>();
        table.snapshots().forEach(all::add);
        Map<String, DataFile> files = new NamedFiles(table).of(all);
        RowSearch search = new RowSearch(spark, table, lake.name(), what);
        long matches = search.reading(files.values()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
        Snapshot head = table.currentSnapshot();
        List<ManifestFile> manifests = head == null ? List.of() : head.allManifests(table.io());
        return new Proof(
                files.size(),
                files.values().stream().mapToLong(DataFile::recordCount).sum(),
                matches,
                manifests.size(),
                (int) manifests.stream().filter(ManifestFile::hasDeletedFiles).count());
    }

    /** Counts files below the table's location that its metadata does not name. */
    public Unnamed unnamed() {
        table.refresh();
        return UnnamedFiles.of(spark, table);
    }

    private void stop(String what) {
        LOG.info("firn erase {}: {}", lake.name(), what);
    }
}
