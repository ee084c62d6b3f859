package io.firn.maintain;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.SupportsBulkOperations;
import org.apache.iceberg.util.Tasks;
import org.apache.iceberg.util.ThreadPools;

import io.firn.table.LakeTable;
import io.firn.table.TableName;

/** Removes files in batches, once it is written down which. */
final class OrphanRemoval {
    private static final int BATCH = 1000;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final TableName table;
    private final FileIO io;
    private final List<LiveFiles> live;
    private long removed;
    private long failed;
    private long spared;

    /** @param live says which files have come to be named */
    OrphanRemoval(LakeTable table, List<LiveFiles> live) {
        this.table = table.name();
        this.io = table.table().io();
        this.live = live;
    }

    /** Writes which files are about to go, a JSON object a line; returns where. */
    static String writeDown(List<ListedFile> orphans, Path folder, Configuration hadoop) {
        Path path = new Path(folder, "orphans-" + TIME.format(Instant.now()) + ".jsonl");
        try (OutputStream out = path.getFileSystem(hadoop).create(path, true);
                JsonGenerator json = JsonMapper.builder().build().createGenerator(out)) {
            json.setRootValueSeparator(null);
            for (ListedFile file : orphans) {
                json.writeStartObject();
                json.writeStringField("path", file.location());
                json.writeNumberField("bytes", file.bytes());
                json.writeStringField(
                        "modified", Instant.ofEpochMilli(file.modified()).toString());
                json.writeEndObject();
                json.writeRaw('\n');
            }
            return path.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "What is to be removed cannot be written down at " + path + ", so nothing was", e);
        }
    }

    void remove(List<ListedFile> orphans) {
        for (int from = 0; from < orphans.size(); from += BATCH) {
            List<ListedFile> batch = orphans.subList(from, Math.min(from + BATCH, orphans.size()));
            Set<String> named = new HashSet<>();
            live.forEach(files -> named.addAll(files.find()));
            List<String> gone = new ArrayList<>();
            for (ListedFile file : batch) {
                if (!named.contains(file.key())) {
                    gone.add(file.location());
                }
            }
            spared += batch.size() - gone.size();
            long failures = delete(gone);
            failed += failures;
            removed += gone.size() - failures;
            RemoveOrphans.LOG.info(
                    "firn remove-orphans {}: removed {} of {} files",
                    table,
                    removed,
                    String.format("%,d", orphans.size()));
        }
    }

    /** How many are gone. */
    long removed() {
        return removed;
    }

    /** How many could not be deleted. */
    long failed() {
        return failed;
    }

    /** How many a table came to name while others were removed. */
    long spared() {
        return spared;
    }

    /** How many of them are still there. */
    private long delete(List<String> files) {
        if (io instanceof SupportsBulkOperations bulk) {
            try {
                bulk.deleteFiles(files);
                return 0;
            } catch (BulkDeletionFailureException e) {
                RemoveOrphans.LOG.warn("firn remove-orphans {}: {}", table, e.getMessage(), e);
                return e.numberFailedObjects();
            } catch (RuntimeException e) {
                RemoveOrphans.LOG.warn("firn remove-orphans {}: a batch could not be removed", table, e);
                return files.size();
            }
        }
        AtomicLong failures = new AtomicLong();
        Tasks.foreach(files)
                .executeWith(ThreadPools.getWorkerPool())
                .noRetry()
                .suppressFailureWhenFinished()
                .onFailure((file, failure) -> {
                    RemoveOrphans.LOG.warn("firn remove-orphans {}: {} stays", table, file, failure);
                    failures.incrementAndGet();
                })
                .run(io::deleteFile);
        return failures.get();
    }
}
