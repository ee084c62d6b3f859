package io.firn.source;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.io.IOUtils;

import io.firn.config.Scope;
import io.firn.schema.JsonPath;
import io.firn.source.Bundle.Slice;
import io.firn.table.SourceFile;

/**
 * A day's dump of JSON lines, all event types mixed; plain, gzip or zstd is told from the bytes.
 *
 * @param path a directory, file or glob with {@code {date}} in it, 2026-11-20, or {@code {yyyy}}, {@code {MM}}, {@code
 *     {dd}}
 * @param date the only day there is, for a path without {@code {date}}; else null
 * @param eventName where a line says which event it is
 * @param eventTime where a line says when it happened; null if nowhere
 * @param maxLineBytes longer lines are quarantined; null: 64 MiB
 */
public record JsonDump(String path, LocalDate date, JsonPath eventName, JsonPath eventTime, Integer maxLineBytes)
        implements Source {
    private static final int DEFAULT_MAX_LINE_BYTES = 64 << 20;
    private static final int MIN_LINE_BYTES = 1 << 10;
    private static final int MAX_LINE_BYTES = 1 << 30;
    private static final long MIN_BUNDLE = 64L << 20;
    private static final long MAX_BUNDLE = 2L << 30;

    @Override
    public void check(Scope scope) {
        boolean daily = path == null
                || path.contains("{date}")
                || Stream.of("{yyyy}", "{MM}", "{dd}").allMatch(path::contains);
        if (!daily && date == null) {
            scope.at("path")
                    .problem("path has no {date}, so every day would load the same files; write {date}, or {yyyy},"
                            + " {MM} and {dd}, or the one day that the files are of under \"date\"");
        }
        if (daily && date != null && path != null) {
            scope.at("date")
                    .problem("path has a {date}, so \"date\" cannot say which day it is; leave one of them out");
        }
        if (maxLineBytes != null && (maxLineBytes < MIN_LINE_BYTES || maxLineBytes > MAX_LINE_BYTES)) {
            scope.at("max-line-bytes")
                    .problem("max-line-bytes is " + maxLineBytes + "; it must lie between " + MIN_LINE_BYTES + " and "
                            + MAX_LINE_BYTES);
        }
    }

    @Override
    public JsonDump located(UnaryOperator<String> absolute) {
        return new JsonDump(absolute.apply(path), date, eventName, eventTime, maxLineBytes);
    }

    /** The longest line that is decoded, in bytes. */
    public int lineLimit() {
        return maxLineBytes == null ? DEFAULT_MAX_LINE_BYTES : maxLineBytes;
    }

    /** Where the files of a day lie. */
    public String path(LocalDate date) {
        return path.replace("{date}", date.toString())
                .replace("{yyyy}", "%04d".formatted(date.getYear()))
                .replace("{MM}", "%02d".formatted(date.getMonthValue()))
                .replace("{dd}", "%02d".formatted(date.getDayOfMonth()));
    }

    /** The day whose files a path is among; empty for a path of another source. */
    public Optional<LocalDate> dayOf(String file) {
        if (date != null) {
            return Optional.of(date);
        }
        // Only up to the last part of the date: below it any file of any name may lie.
        int end = Math.max(path.lastIndexOf("{date}"), path.lastIndexOf("{dd}"));
        String upTo = path.substring(0, path.indexOf('}', end) + 1);
        String pattern = Pattern.quote(new Path(upTo).toUri().getPath())
                .replace("{date}", "\\E(?<yyyy>\\d{4})-(?<MM>\\d\\d)-(?<dd>\\d\\d)\\Q")
                .replace("{yyyy}", "\\E(?<yyyy>\\d{4})\\Q")
                .replace("{MM}", "\\E(?<MM>\\d\\d)\\Q")
                .replace("{dd}", "\\E(?<dd>\\d\\d)\\Q")
                .replace("*", "\\E[^/]*\\Q");
        URI uri = new Path(file).toUri();
        Matcher day = Pattern.compile(pattern).matcher(uri.getPath());
        boolean sameStore =
                Objects.equals(uri.getAuthority(), new Path(upTo).toUri().getAuthority());
        return sameStore && day.lookingAt()
                ? Optional.of(LocalDate.parse(day.group("yyyy") + "-" + day.group("MM") + "-" + day.group("dd")))
                : Optional.empty();
    }

    /** The files of a day, by path; names that begin with {@code _} or {@code .} are not data. Empty if there are none. */
    public List<SourceFile> list(LocalDate day, Configuration conf) {
        if (date != null && !date.equals(day)) {
            return List.of();
        }
        Path root = new Path(path(day));
        List<SourceFile> files = new ArrayList<>();
        try {
            FileSystem fs = root.getFileSystem(conf);
            FileStatus[] found = fs.globStatus(root);
            for (FileStatus status : found == null ? new FileStatus[0] : found) {
                collect(fs, status, files);
            }
        } catch (FileNotFoundException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + root, e);
        }
        files.sort(Comparator.comparing(SourceFile::path));
        return files;
    }

    /** Cuts files into bundles: enough for all cores to work, each large enough that output files have a sensible size. */
    public List<Bundle> bundles(List<SourceFile> files, int cores, Configuration conf) {
        long total = files.stream().mapToLong(SourceFile::size).sum();
        long share = total / Math.max(1, cores);
        // Some slack, so that files a little larger than their share do not make one bundle more than there are cores.
        long target = Math.max(MIN_BUNDLE, Math.min(MAX_BUNDLE, share + share / 16 + 1));
        return Bundle.pack(files, file -> isPlain(file, conf), target);
    }

    /** Opens a slice at its first byte, inflated; {@code bytesRead} is told of stored bytes as they are read. */
    public static InputStream open(Slice slice, Configuration conf, LongConsumer bytesRead) throws IOException {
        Path path = new Path(slice.file().path());
        FSDataInputStream in = path.getFileSystem(conf).open(path);
        try {
            if (!slice.isWhole()) {
                in.seek(slice.start());
                return new CountedInput(in, bytesRead);
            }
            return Inflated.open(new CountedInput(in, bytesRead), slice.file().path());
        } catch (IOException | RuntimeException e) {
            IOUtils.closeStream(in);
            throw e;
        }
    }

    private static boolean isPlain(SourceFile file, Configuration conf) {
        Path path = new Path(file.path());
        byte[] head = new byte[4];
        try (FSDataInputStream in = path.getFileSystem(conf).open(path)) {
            return Compression.of(head, in.readNBytes(head, 0, head.length)) == Compression.PLAIN;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private static void collect(FileSystem fs, FileStatus status, List<SourceFile> files) throws IOException {
        if (status.isFile()) {
            if (!isHidden("/" + status.getPath().getName())) {
                add(status, files);
            }
            return;
        }
        String root = status.getPath().toUri().getPath();
        RemoteIterator<LocatedFileStatus> all = fs.listFiles(status.getPath(), true);
        while (all.hasNext()) {
            FileStatus file = all.next();
            String below = file.getPath().toUri().getPath().substring(root.length());
            if (!isHidden(below)) {
                add(file, files);
            }
        }
    }

    private static boolean isHidden(String path) {
        return path.contains("/_") || path.contains("/.");
    }

    private static void add(FileStatus file, List<SourceFile> files) {
        String etag = file instanceof EtagSource source ? source.getEtag() : null;
        files.add(new SourceFile(
                file.getPath().toString(),
                etag == null || etag.isEmpty() ? null : etag,
                file.getModificationTime(),
                file.getLen(),
                0));
    }
}
