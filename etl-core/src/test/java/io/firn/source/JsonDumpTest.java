package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.ZstdOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.decode.LineReader;
import io.firn.source.Bundle.Slice;
import io.firn.table.SourceFile;

class JsonDumpTest {
    private static final LocalDate DAY = LocalDate.of(2026, 11, 20);
    private static final byte[] TEXT = "{\"a\":1}\n{\"a\":2}\n".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private Path home;

    private final Configuration conf = new Configuration();

    @Test
    void aDaysFilesAreListedByPathWithoutHiddenOnes() throws IOException {
        write("2026-11-20/b.json", TEXT);
        write("2026-11-20/hour=03/a.json", TEXT);
        write("2026-11-20/_SUCCESS", new byte[0]);
        write("2026-11-20/_temporary/0/c.json", TEXT);
        write("2026-11-20/.d.json", TEXT);
        write("2026-11-21/e.json", TEXT);

        assertThat(names(dump("{date}/").list(DAY, conf))).containsExactly("b.json", "hour=03/a.json");
        assertThat(dump("{date}/*.json").list(DAY, conf)).hasSize(1);
        assertThat(dump("{date}/").list(DAY.plusDays(7), conf)).isEmpty();
    }

    @Test
    void aPathWithoutDateIsOfItsOnlyDay() throws IOException {
        write("events.json", TEXT);
        JsonDump dump = new JsonDump(home.resolve("events.json").toString(), DAY, null, null, null);

        assertThat(dump.list(DAY, conf)).hasSize(1);
        assertThat(dump.list(DAY.plusDays(1), conf)).isEmpty();
        assertThat(dump.dayOf("file:/anything")).contains(DAY);
    }

    @Test
    void aFileTellsItsDay() {
        assertThat(new JsonDump("s3a://raw/{date}/", null, null, null, null).dayOf("s3a://raw/2026-11-20/x/y.json.gz"))
                .contains(DAY);
        assertThat(new JsonDump("s3a://raw/*/{yyyy}/{MM}/{dd}/h*.gz", null, null, null, null)
                        .dayOf("s3a://raw/app.web/2026/11/20/h01.gz"))
                .contains(DAY);
        assertThat(new JsonDump("s3a://raw/{date}/", null, null, null, null).dayOf("s3a://other/2026-11-20/y.json"))
                .isEmpty();
    }

    @Test
    void bundlesHoldEveryByteOnceAndAreNearTheirTarget() {
        List<SourceFile> files = List.of(file("a", 10), file("b", 250), file("c", 0), file("d", 40), file("e", 999));

        List<Bundle> bundles = Bundle.pack(files, file -> !file.path().equals("e"), 100);

        for (SourceFile file : files) {
            long at = 0;
            for (Bundle bundle : bundles) {
                for (Slice slice : bundle.slices()) {
                    if (slice.file().equals(file)) {
                        assertThat(slice.start()).isEqualTo(at);
                        at = slice.end();
                    }
                }
            }
            assertThat(at).isEqualTo(file.size());
        }
        assertThat(bundles.stream().filter(bundle -> bundle.bytes() > 100))
                .singleElement()
                .satisfies(bundle -> assertThat(bundle.slices()).singleElement().matches(Slice::isWhole));
    }

    @Test
    void filesALittleLargerThanTheirShareMakeABundlePerCore() {
        List<SourceFile> files = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            files.add(file("f" + i, 130_000_000 + i * 1_000_000));
        }

        assertThat(dump("{date}/").bundles(files, 2, conf)).hasSize(2);
    }

    @Test
    void slicesOfAFileGiveEachLineOnceWhereverTheyAreCut() throws IOException {
        StringBuilder text = new StringBuilder();
        TreeSet<Long> lines = new TreeSet<>();
        for (int i = 0; i < 200; i++) {
            lines.add((long) text.length());
            text.append("{\"n\":").append("1".repeat(i % 17 + 1)).append(i % 3 == 0 ? "}\r\n" : "}\n");
        }
        Path path = write("2026-11-20/a.json", text.toString().getBytes(StandardCharsets.UTF_8));
        SourceFile whole = dump("{date}/").list(DAY, conf).get(0);
        for (long target = 1; target < 60; target += 7) {
            TreeSet<Long> seen = new TreeSet<>();
            for (Bundle bundle : Bundle.pack(List.of(whole), file -> true, target)) {
                for (Slice slice : bundle.slices()) {
                    try (InputStream in = JsonDump.open(slice, conf, bytes -> {})) {
                        LineReader reader = slice.isWhole()
                                ? LineReader.of(in, 1000)
                                : LineReader.split(in, slice.start(), slice.end(), 1000);
                        while (reader.next()) {
                            assertThat(seen.add(reader.offset()))
                                    .as("offset %d twice", reader.offset())
                                    .isTrue();
                        }
                    }
                }
            }
            assertThat(seen).as("cut every %d bytes of %s", target, path).isEqualTo(lines);
        }
    }

    @Test
    void compressionIsToldFromTheBytesAndAllMembersAreRead() throws IOException {
        byte[] gzip = gzip(TEXT);
        byte[] zstd = zstd(TEXT);
        assertThat(inflated("plain.gz", TEXT)).isEqualTo(TEXT);
        assertThat(inflated("a.json", gzip)).isEqualTo(TEXT);
        assertThat(inflated("b.json", zstd)).isEqualTo(TEXT);
        assertThat(inflated("c.json", join(gzip, gzip))).isEqualTo(join(TEXT, TEXT));
        assertThat(inflated("d.json", join(zstd, zstd))).isEqualTo(join(TEXT, TEXT));
    }

    @Test
    void aCutOrDamagedFileIsToldFromAFailingDisk() throws IOException {
        byte[] gzip = gzip(TEXT);
        byte[] zstd = zstd(TEXT);
        byte[] flipped = gzip.clone();
        flipped[gzip.length - 6] ^= 1;
        for (byte[] bad : List.of(
                Arrays.copyOf(gzip, gzip.length - 5),
                Arrays.copyOf(zstd, zstd.length - 3),
                flipped,
                join(gzip, Arrays.copyOf(gzip, 12)))) {
            assertThatThrownBy(() -> inflated("bad.json", bad))
                    .isInstanceOf(DamagedFileException.class)
                    .hasMessageContaining("cannot be inflated to its end");
        }
    }

    @Test
    void aFileWhoseHeaderIsDamagedIsClosed() throws IOException {
        conf.set("fs.counted.impl", Counted.class.getName());
        byte[] bad = gzip(TEXT);
        bad[2] = 99;
        SourceFile file = new SourceFile("counted:" + write("bad.json", bad), null, 0, bad.length, 0);

        assertThatThrownBy(() -> JsonDump.open(new Slice(file, 0, bad.length), conf, bytes -> {}))
                .isInstanceOf(DamagedFileException.class);

        assertThat(Counted.OPENED).hasValue(1);
        assertThat(Counted.CLOSED).hasValue(1);
    }

    /** For Hadoop. */
    public static final class Counted extends RawLocalFileSystem {
        private static final AtomicInteger OPENED = new AtomicInteger();
        private static final AtomicInteger CLOSED = new AtomicInteger();

        @Override
        public URI getUri() {
            return URI.create("counted:///");
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int buffer) throws IOException {
            OPENED.incrementAndGet();
            return new FSDataInputStream(super.open(path, buffer).getWrappedStream()) {
                @Override
                public void close() throws IOException {
                    CLOSED.incrementAndGet();
                    super.close();
                }
            };
        }
    }

    @Test
    void progressCountsStoredBytes() throws IOException {
        byte[] gzip = gzip(TEXT);
        write("2026-11-20/a.json", gzip);
        AtomicLong bytes = new AtomicLong();
        SourceFile file = dump("{date}/").list(DAY, conf).get(0);
        try (InputStream in = JsonDump.open(new Slice(file, 0, file.size()), conf, bytes::addAndGet)) {
            assertThat(in.readAllBytes()).isEqualTo(TEXT);
        }
        assertThat(bytes.get()).isEqualTo(gzip.length);
    }

    private byte[] inflated(String name, byte[] content) throws IOException {
        Path path = write(name, content);
        SourceFile file = new SourceFile(path.toUri().toString(), null, 0, content.length, 0);
        try (InputStream in = JsonDump.open(new Slice(file, 0, content.length), conf, bytes -> {})) {
            return in.readAllBytes();
        }
    }

    private JsonDump dump(String path) {
        return new JsonDump(home + "/" + path, null, null, null, null);
    }

    private List<String> names(List<SourceFile> files) {
        return files.stream()
                .map(file -> file.path().replaceFirst(".*/2026-11-20/", ""))
                .toList();
    }

    private static SourceFile file(String name, long size) {
        return new SourceFile(name, null, 0, size, 0);
    }

    private Path write(String name, byte[] content) throws IOException {
        Path path = home.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.write(path, content);
    }

    private static byte[] gzip(byte[] text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text);
        }
        return out.toByteArray();
    }

    private static byte[] zstd(byte[] text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream zstd = new ZstdOutputStream(out)) {
            zstd.write(text);
        }
        return out.toByteArray();
    }

    private static byte[] join(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
