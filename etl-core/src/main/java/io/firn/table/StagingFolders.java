package io.firn.table;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * Where a pipeline's runs stage what is not theirs alone to keep: {@code <state>/<pipeline>/staging}, a folder per
 * attempt.
 */
public record StagingFolders(Path root, Configuration hadoop) {

    /** Those of a pipeline. */
    public static StagingFolders of(Path state, String pipeline, Configuration hadoop) {
        return new StagingFolders(new Path(new Path(state, pipeline), "staging"), hadoop);
    }

    /** Those of all pipelines that keep their state there. */
    public static List<StagingFolders> all(Path state, Configuration hadoop) throws IOException {
        FileSystem files = state.getFileSystem(hadoop);
        List<StagingFolders> all = new ArrayList<>();
        if (files.exists(state)) {
            for (FileStatus pipeline : files.listStatus(state)) {
                if (pipeline.isDirectory()) {
                    all.add(of(state, pipeline.getPath().getName(), hadoop));
                }
            }
        }
        return all;
    }

    /** Whether runs, living or dead, have one. */
    public boolean hasAny() throws IOException {
        FileSystem files = root.getFileSystem(hadoop);
        return files.exists(root) && files.listStatus(root).length > 0;
    }

    /**
     * Folders whose newest file was written before a time. A folder's own time says nothing: object stores have none,
     * and on a disk it is not that of what is written further below.
     */
    public List<Path> dead(Instant before) throws IOException {
        FileSystem files = root.getFileSystem(hadoop);
        List<Path> dead = new ArrayList<>();
        if (files.exists(root)) {
            for (FileStatus folder : files.listStatus(root)) {
                if (newest(files, folder) < before.toEpochMilli()) {
                    dead.add(folder.getPath());
                }
            }
        }
        return dead;
    }

    private static long newest(FileSystem files, FileStatus folder) throws IOException {
        long newest = Long.MIN_VALUE;
        try {
            RemoteIterator<LocatedFileStatus> inside = files.listFiles(folder.getPath(), true);
            while (inside.hasNext()) {
                newest = Math.max(newest, inside.next().getModificationTime());
            }
        } catch (FileNotFoundException e) {
            return Long.MAX_VALUE; // Its run is alive: it is cleaning up.
        }
        return newest == Long.MIN_VALUE ? folder.getModificationTime() : newest;
    }
}
