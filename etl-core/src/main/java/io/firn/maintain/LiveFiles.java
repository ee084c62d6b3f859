package io.firn.maintain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.apache.iceberg.ContentFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.ReachableFileUtil;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.util.Tasks;
import org.apache.iceberg.util.ThreadPools;

import io.firn.table.TableException;

/**
 * Which of some files a table names, in whatever snapshot, branch or tag, as it is at the moment. Asked again it reads
 * only what came since.
 */
final class LiveFiles {
    private static final int TRIES = 5;

    private final Table table;
    private final Set<String> asked;
    private final Set<Long> snapshots = new HashSet<>();
    private final Set<String> manifests = new HashSet<>();
    private final Set<String> live = ConcurrentHashMap.newKeySet();

    /** @param keys of the files in question, as {@link ListedFile#key} makes them */
    LiveFiles(Table table, Set<String> keys) {
        this.table = table;
        this.asked = keys;
    }

    /** Those that the table names now, or did at an earlier call. */
    Set<String> find() {
        for (int tries = 1; ; tries++) {
            table.refresh();
            try {
                ReachableFileUtil.metadataFileLocations(table, false).forEach(this::note);
                note(ReachableFileUtil.versionHintLocation(table));
                ReachableFileUtil.statisticsFilesLocations(table).forEach(this::note);
                ReachableFileUtil.manifestListLocations(table).forEach(this::note);
                for (Snapshot snapshot : table.snapshots()) {
                    read(snapshot);
                }
                return live;
            } catch (NotFoundException e) {
                // Expired while it was read; if it is still there when looked at again, the table is damaged.
                if (tries == TRIES) {
                    throw new TableException(
                            "Table " + table.name() + " names metadata that is not there: " + e.getMessage()
                                    + ". Nothing more was removed; mend the table first.",
                            e);
                }
            }
        }
    }

    private void read(Snapshot snapshot) {
        if (snapshots.contains(snapshot.snapshotId())) {
            return;
        }
        List<ManifestFile> unread = new ArrayList<>();
        for (ManifestFile manifest : snapshot.allManifests(table.io())) {
            note(manifest.path());
            if (!manifests.contains(manifest.path())) {
                unread.add(manifest);
            }
        }
        FileIO io = table.io();
        Map<Integer, PartitionSpec> specs = table.specs();
        Tasks.foreach(unread)
                .executeWith(ThreadPools.getWorkerPool())
                .noRetry()
                .stopOnFailure()
                .throwFailureWhenFinished()
                .run(manifest -> entries(manifest, io, specs));
        unread.forEach(manifest -> manifests.add(manifest.path()));
        snapshots.add(snapshot.snapshotId());
    }

    private void entries(ManifestFile manifest, FileIO io, Map<Integer, PartitionSpec> specs) {
        try (CloseableIterable<? extends ContentFile<?>> files = reader(manifest, io, specs)) {
            files.forEach(file -> note(file.location()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ManifestReader<? extends ContentFile<?>> reader(
            ManifestFile manifest, FileIO io, Map<Integer, PartitionSpec> specs) {
        return manifest.content() == ManifestContent.DELETES
                ? ManifestFiles.readDeleteManifest(manifest, io, specs)
                : ManifestFiles.read(manifest, io, specs);
    }

    private void note(String location) {
        String key = ListedFile.key(location);
        if (asked.contains(key)) {
            live.add(key);
        }
    }
}
