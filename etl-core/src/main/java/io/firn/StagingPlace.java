package io.firn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

import io.firn.table.StagingFolders;

/** Where what a pipeline read waits, changes to be merged and lines to be decoded again: beside the ledgers, {@code <state>/<pipeline>/staging/<attempt>}. */
final class StagingPlace {
    /** What is that old belongs to no running run. */
    private static final Duration CRASHED = Duration.ofDays(1);

    private final StagingFolders folders;

    StagingPlace(LoadedPipeline pipeline, Configuration conf) {
        folders = StagingFolders.of(
                new Path(pipeline.catalog().stateLocation()),
                pipeline.pipeline().pipeline(),
                conf);
    }

    /** Where the folders of all attempts lie. */
    String root() {
        return folders.root().toString();
    }

    /** The folder of an attempt; nothing is made. */
    String folder(String attempt) {
        return new Path(folders.root(), attempt).toString();
    }

    /** Whether runs, living or dead, have something here. */
    boolean holdsFiles() {
        try {
            return folders.hasAny();
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
            Path path = new Path(folder);
            boolean unused = path.getFileSystem(folders.hadoop()).delete(path, true);
        } catch (IOException e) {
            PipelineRun.LOG.info("staged changes at {} are left behind", folder, e);
        }
    }

    /** Deletes what crashed runs left. */
    void deleteLeftovers() {
        try {
            folders.dead(Instant.now().minus(CRASHED)).forEach(folder -> delete(folder.toString()));
        } catch (IOException e) {
            PipelineRun.LOG.info("leftovers of crashed runs at {} were not looked at", folders.root(), e);
        }
    }
}
