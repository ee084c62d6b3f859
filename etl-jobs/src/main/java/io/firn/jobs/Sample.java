package io.firn.jobs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;

import org.apache.hadoop.conf.Configuration;

import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.Session;
import io.firn.decode.LineReader;
import io.firn.source.Bundle.Slice;
import io.firn.source.JsonDump;
import io.firn.table.SourceFile;

/** The lines of a sample dump, all files one after the other. */
final class Sample implements Iterator<byte[]>, AutoCloseable {
    private final JsonDump dump;
    private final Configuration conf;
    private final Iterator<SourceFile> files;
    private InputStream in;
    private LineReader lines;
    private byte[] next;

    private Sample(JsonDump dump, List<SourceFile> files, Configuration conf) {
        this.dump = dump;
        this.files = files.iterator();
        this.conf = conf;
    }

    /** Throws FirnException when there is no such file. */
    static Sample open(String path) {
        Configuration conf = Session.hadoop();
        JsonDump dump = new JsonDump(path, null, null, null, null);
        List<SourceFile> files = dump.list(LocalDate.EPOCH, conf);
        if (files.isEmpty()) {
            throw new FirnException(ExitCode.USAGE, "there is no file at " + path);
        }
        return new Sample(dump, files, conf);
    }

    /** A name made of the last part of a path that says something: {@code dump/{date}/} is {@code dump}. */
    static String pipelineName(String path) {
        String name = "";
        for (String part : path.split("/")) {
            String words = part.replaceAll("\\{.*?}|\\*", "")
                    .replaceFirst("(\\.(jsonl?|ndjson|gz|zst|zstd))+$", "")
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^a-z0-9]+", "-")
                    .replaceAll("^[-0-9]+|-+$", "");
            name = words.isEmpty() ? name : words;
        }
        return name.isEmpty() ? "events" : name;
    }

    /** A local path as it is written in a file: relative to its folder; others as they are. */
    static String relativeTo(Path file, String path) {
        if (path.contains(":/") || path.startsWith("/")) {
            return path;
        }
        Path folder = file.toAbsolutePath().normalize().getParent();
        String relative =
                folder.relativize(Path.of(path).toAbsolutePath().normalize()).toString();
        return path.endsWith("/") ? relative + "/" : relative;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null && (lines != null || openNext())) {
                if (!lines.next()) {
                    lines = null;
                } else if (!lines.isOverlong()) {
                    next = Arrays.copyOfRange(lines.bytes(), lines.from(), lines.to());
                }
            }
            return next != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public byte[] next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        byte[] line = next;
        next = null;
        return line;
    }

    @Override
    public void close() {
        try {
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean openNext() throws IOException {
        close();
        if (!files.hasNext()) {
            return false;
        }
        SourceFile file = files.next();
        in = JsonDump.open(new Slice(file, 0, file.size()), conf, bytes -> {});
        lines = LineReader.of(in, dump.lineLimit());
        return true;
    }
}
