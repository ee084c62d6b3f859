package io.firn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Where what a pipeline read waits, changes to be merged and lines to be decoded again: beside the ledgers, {@code <state>/<pipeline>/staging/<attempt>}. */
final class StagingPlace {
    /** What is that old belongs to no running run. */
    private static final Duration CRASHED = Duration.ofDays(1);

    private final Path root;
    private final Configuration conf;

    StagingPlace(LoadedPipeline pipeline, Configuration conf) {
        root = new Path(
                pipeline.catalog().stateLocation() + "/" + pipeline.pipeline().pipeline() + "/staging");
        this.conf = conf;
    }

    /** The folder of an attempt; nothing is made. */
    String folder(String attempt) {
        return new Path(root, attempt).toString();
    }

    /** Whether runs, living or dead, have something here. */
    boolean holdsFiles() {
        try {
            return files().exists(root) && files().listStatus(root).length > 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a folder as far as that is possible; null: there is none. */
    void delete(String folder) {
        if (folder == null) {
            return;
        }
        try {
            boolean unused = files().delete(new Path(folder), true);
        } catch (IOException e) {
            PipelineRun.LOG.info("staged changes at {} are left behind", folder, e);
        }
    }

    /** Deletes what crashed runs left. */
    void deleteLeftovers() {
        try {
            FileSystem files = files();
            if (!files.exists(root)) {
                return;
            }
            long before = Instant.now().minus(CRASHED).toEpochMilli();
            for (FileStatus folder : files.listStatus(root)) {
                if (folder.getModificationTime() < before) {
                    delete(folder.getPath().toString());
                }
            }
        } catch (IOException e) {
            PipelineRun.LOG.info("leftovers of crashed runs at {} were not looked at", root, e);
        }
    }

    private FileSystem files() {
        try {
            return root.getFileSystem(conf);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
