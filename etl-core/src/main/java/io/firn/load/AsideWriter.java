package io.firn.load;

import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.io.CompressionCodec;
import org.apache.spark.unsafe.types.UTF8String;

/** Puts a task's lines aside, whole and with where they stood; the file is made with the first of them. */
final class AsideWriter {
    private final Path path;
    private final Configuration conf;
    private final List<UTF8String> files;
    private final Map<Integer, Integer> indexes = new HashMap<>();
    private final List<String> named = new ArrayList<>();
    private DataOutputStream out;
    private long lines;

    /** @param files the source files that lines name by their index */
    AsideWriter(String folder, String name, Configuration conf, List<UTF8String> files) {
        path = new Path(folder, name);
        this.conf = conf;
        this.files = files;
    }

    static CompressionCodec codec() {
        SparkConf conf = SparkEnv.get().conf();
        return CompressionCodec.createCodec(conf, "lz4");
    }

    void add(int event, LineBuffer from, int line) {
        try {
            if (out == null) {
                out = new DataOutputStream(
                        codec().compressedOutputStream(path.getFileSystem(conf).create(path, true)));
            }
            int file = from.file(line);
            int length = from.to(line) - from.from(line);
            if (!indexes.containsKey(file)) {
                indexes.put(file, named.size());
                named.add(files.get(file).toString());
            }
            out.writeInt(event);
            out.writeInt(indexes.get(file));
            out.writeLong(from.offset(line));
            out.writeLong(from.number(line));
            out.writeInt(length);
            out.write(from.bytes(), from.from(line), length);
            lines++;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file, or nothing where no line came. */
    List<AsideFile> finish() {
        if (out == null) {
            return List.of();
        }
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of(new AsideFile(path.toString(), named, lines));
    }

    /** Deletes what was written, as far as that is possible. */
    void abort() {
        if (out == null) {
            return;
        }
        try {
            out.close();
            boolean unused = path.getFileSystem(conf).delete(path, false);
        } catch (IOException e) {
            // The folder goes with the run.
        }
    }
}
