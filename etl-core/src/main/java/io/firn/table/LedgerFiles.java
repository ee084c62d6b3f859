package io.firn.table;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.Snapshot;

/**
 * The files of a table's ledgers: every load writes some and supersedes others. A rollback to a snapshot goes back to
 * the ledger that its summary names, so that one is needed for as long as the snapshot.
 */
final class LedgerFiles {
    private static final Pattern NAME =
            Pattern.compile("(index|\\d{4}-\\d{2}-\\d{2})-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.json");

    private final LakeTable lake;
    private final LedgerStore store;

    LedgerFiles(LakeTable lake) {
        this.lake = lake;
        this.store = lake.ledgers();
    }

    List<Path> superseded(Instant before) throws IOException {
        FileSystem files = store.root().getFileSystem(store.hadoop());
        if (!files.exists(store.root())) {
            return List.of();
        }
        List<Path> superseded = new ArrayList<>();
        for (FileStatus pipeline : files.listStatus(store.root())) {
            Path folder = new Path(pipeline.getPath(), lake.name().text());
            if (pipeline.isDirectory() && files.exists(folder)) {
                List<Path> old = old(files.listStatus(folder), before);
                if (!old.isEmpty()) {
                    // A file's name holds a random part, so it stands for the file whatever the folder is called.
                    Set<String> named = named(pipeline.getPath().getName());
                    old.removeIf(file -> named.contains(file.getName()));
                    superseded.addAll(old);
                }
            }
        }
        return superseded;
    }

    private static List<Path> old(FileStatus[] found, Instant before) {
        List<Path> old = new ArrayList<>();
        for (FileStatus file : found) {
            boolean isLedger = NAME.matcher(file.getPath().getName()).matches();
            if (isLedger && file.isFile() && file.getModificationTime() < before.toEpochMilli()) {
                old.add(file.getPath());
            }
        }
        return old;
    }

    /** The names of all files of the ledgers that the table and its snapshots name, as of now. */
    private Set<String> named(String pipeline) {
        lake.refresh();
        String property = StatePointer.ledgerProperty(pipeline);
        Set<String> states = new HashSet<>();
        states.add(lake.table().properties().get(property));
        for (Snapshot snapshot : lake.table().snapshots()) {
            Map<String, String> summary = snapshot.summary();
            states.add(summary == null ? null : summary.get(property));
        }
        Set<String> named = new HashSet<>();
        for (String state : states) {
            // What a rollback to before the first load sets is empty.
            if (state != null && !state.isEmpty()) {
                LedgerPointer pointer = LedgerPointer.parse(state);
                if (named.add(new Path(pointer.address()).getName())) {
                    Ledger.load(store, lake.name(), pipeline, pointer)
                            .addresses()
                            .forEach(address -> named.add(new Path(address).getName()));
                }
            }
        }
        return named;
    }
}
