package io.firn.maintain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntSupplier;

import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.ManifestWriter;
import org.apache.iceberg.RewriteManifests;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.spark.actions.SparkActions;
import org.apache.spark.sql.SparkSession;

import io.firn.table.Backoff;
import io.firn.table.LakeTable;
import io.firn.table.RetriesExhausted;

/** What a table's metadata still holds of files that its main no longer names: bounds, partition values, old snapshots. */
final class Traces {
    private static final int TRIES = 10;

    private final SparkSession spark;
    private final LakeTable lake;
    private final Table table;

    /** @param table whose commits are to be used */
    Traces(SparkSession spark, LakeTable lake, Table table) {
        this.spark = spark;
        this.lake = lake;
        this.table = table;
    }

    /** Entries of removed files keep their bounds; returns how many manifests had such entries and were written anew. */
    int dropRemovedEntries() {
        return retried(() -> {
            table.refresh();
            List<ManifestFile> stale = stale();
            if (!stale.isEmpty()) {
                rewrite(stale);
            }
            return stale.size();
        });
    }

    private int retried(IntSupplier commit) {
        RuntimeException last = null;
        for (int tries = 0; tries < TRIES; tries++) {
            try {
                return commit.getAsInt();
            } catch (CommitFailedException | ValidationException e) {
                // The latter when a rival wrote one of the manifests anew.
                last = e;
                Backoff.pause(tries);
            }
        }
        throw new RetriesExhausted(
                "Table " + lake.name() + ": its manifests could not be rewritten, others kept committing; run again.",
                last);
    }

    private List<ManifestFile> stale() {
        Snapshot head = table.currentSnapshot();
        return head == null
                ? List.of()
                : head.allManifests(table.io()).stream()
                        .filter(ManifestFile::hasDeletedFiles)
                        .toList();
    }

    /**
     * Delete files whose data files are gone; the paths in them may hold partition values. A rollback may bring a data
     * file back, and then needs them.
     */
    void dropDanglingDeletes() {
        int unused = retried(() -> {
            Transaction transaction = LakeTable.allOrNothing(table);
            Table planned = transaction.table();
            Snapshot head = planned.currentSnapshot();
            if (head == null || head.deleteManifests(table.io()).isEmpty()) {
                return 0;
            }
            SparkActions.get(spark).removeDanglingDeleteFiles(planned).execute();
            if (planned.currentSnapshot().snapshotId() != head.snapshotId()) {
                transaction.commitTransaction();
            }
            return 0;
        });
    }

    private void rewrite(List<ManifestFile> stale) {
        // Iceberg's Spark action leaves a single manifest as it is.
        RewriteManifests rewriting = table.rewriteManifests()
                .clusterBy(file -> file.specId())
                .rewriteIf(manifest -> manifest.content() == ManifestContent.DATA && manifest.hasDeletedFiles());
        for (ManifestFile manifest : stale) {
            if (manifest.content() == ManifestContent.DELETES) {
                rewriting.deleteManifest(manifest);
                if (manifest.hasAddedFiles() || manifest.hasExistingFiles()) {
                    rewriting.addManifest(live(manifest));
                }
            }
        }
        rewriting.commit();
    }

    private ManifestFile live(ManifestFile manifest) {
        OutputFile out = table.io()
                .newOutputFile(org.apache.iceberg.util.LocationUtil.stripTrailingSlash(table.location()) + "/metadata/"
                        + UUID.randomUUID() + "-firn.avro");
        ManifestWriter<DeleteFile> writer = ManifestFiles.writeDeleteManifest(
                TableUtil.formatVersion(table), table.specs().get(manifest.partitionSpecId()), out, null);
        try (writer;
                ManifestReader<DeleteFile> reader =
                        ManifestFiles.readDeleteManifest(manifest, table.io(), table.specs())) {
            reader.forEach(file ->
                    writer.existing(file, manifest.snapshotId(), file.dataSequenceNumber(), file.fileSequenceNumber()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return writer.toManifestFile();
    }

    /** Expires all that neither main's head nor another reference is; returns how many snapshots went. */
    int expire() {
        table.refresh();
        Set<Long> shown = new HashSet<>();
        table.refs().values().forEach(ref -> shown.add(ref.snapshotId()));
        Set<Long> older = new HashSet<>();
        long latest = 0;
        for (Snapshot snapshot : table.snapshots()) {
            if (!shown.contains(snapshot.snapshotId())) {
                older.add(snapshot.snapshotId());
            }
            latest = Math.max(latest, snapshot.timestampMillis());
        }
        if (older.isEmpty()) {
            return 0;
        }
        // Schemas stay: the table's history tells of them, and they hold no values.
        SparkActions.get(spark)
                .expireSnapshots(table)
                .expireOlderThan(latest + 1)
                .retainLast(1)
                .execute();
        table.refresh();
        return (int) older.stream().filter(id -> table.snapshot(id) == null).count();
    }
}
