package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

import com.github.luben.zstd.ZstdOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.schema.JsonPath;
import io.firn.source.Bundle.Slice;
import io.firn.table.SourceFile;

class JsonDumpTest {
    private static final LocalDate DAY = LocalDate.of(2021, 7, 4);
    private static final byte[] TEXT = "one\ntwo\nthree\n".repeat(1000).getBytes(StandardCharsets.US_ASCII);

    private final Configuration conf = new Configuration();

    @TempDir
    private Path folder;

    @Test
    void aFoldersFilesAtAnyDepthWithoutHiddenOnes() throws IOException {
        for (String name : List.of("b.json", "a/c.gz", "a/_tmp/d.json", "_SUCCESS", ".e.crc", "a/f_g.json")) {
            write("2021-07-04/" + name, TEXT);
        }
        write("2021-07-05/other.json", TEXT);

        assertThat(names("{date}/")).containsExactly("a/c.gz", "a/f_g.json", "b.json");
        assertThat(names("{date}")).containsExactly("a/c.gz", "a/f_g.json", "b.json");
    }

    @Test
    void globsAndPartsOfTheDate() throws IOException {
        write("2021-07-04/a.json", TEXT);
        write("2021-07-04/b.log", TEXT);
        write("y=2021/m=07/d=04/c.json", TEXT);

        assertThat(names("{date}/*.json")).containsExactly("a.json");
        assertThat(dump("y={yyyy}/m={MM}/d={dd}/*").list(DAY, conf)).hasSize(1);
    }

    @Test
    void aDayThatIsNotThereHasNoFiles() {
        assertThat(dump("{date}/").list(DAY, conf)).isEmpty();
        assertThat(dump("{date}/*.json").list(DAY, conf)).isEmpty();
        JsonDump other = new JsonDump(folder.toString(), DAY.plusDays(1), JsonPath.parse("type"), null, null);
        assertThat(other.list(DAY, conf)).isEmpty();
    }

    @Test
    void filesAreKnownBySizeAndTime() throws IOException {
        Path file = write("2021-07-04/a.json", TEXT);

        SourceFile found = dump("{date}/").list(DAY, conf).get(0);

        assertThat(found.size()).isEqualTo(TEXT.length);
        assertThat(found.path()).isEqualTo("file:" + file);
        assertThat(found).isEqualTo(dump("{date}/").list(DAY, conf).get(0));
    }

    @Test
    void compressionIsToldFromTheBytes() throws IOException {
        assertThat(read(write("2021-07-04/plain.gz", TEXT))).isEqualTo(TEXT);
        assertThat(read(write("2021-07-04/gzip.json", gzip(TEXT)))).isEqualTo(TEXT);
        assertThat(read(write("2021-07-04/zstd.json", zstd(TEXT)))).isEqualTo(TEXT);
        assertThat(read(write("2021-07-04/empty.gz", new byte[0]))).isEmpty();
    }

    @Test
    void allMembersAndFramesAreRead() throws IOException {
        for (byte[] packed : List.of(gzip(TEXT), zstd(TEXT))) {
            byte[] twice = Arrays.copyOf(packed, 2 * packed.length);
            System.arraycopy(packed, 0, twice, packed.length, packed.length);

            assertThat(read(write("2021-07-04/twice", twice))).hasSize(2 * TEXT.length);
        }
    }

    @Test
    void cutAnywhereIsDamage() throws IOException {
        for (byte[] packed : List.of(gzip(TEXT), zstd(TEXT))) {
            for (int length = 4; length < packed.length; length++) {
                Path file = write("2021-07-04/cut", Arrays.copyOf(packed, length));
                assertThatThrownBy(() -> read(file))
                        .as("%d of %d bytes", length, packed.length)
                        .isInstanceOfSatisfying(DamagedFileException.class, e -> assertThat(e.path())
                                .isEqualTo("file:" + file))
                        .hasMessageStartingWith("the file cannot be inflated to its end (")
                        .hasMessageEndingWith("); no row of it was loaded");
            }
        }
    }

    @Test
    void aSliceBeginsAtItsByteAndCountsWhatIsRead() throws IOException {
        SourceFile file = source(write("2021-07-04/a.json", TEXT));
        AtomicLong read = new AtomicLong();

        try (InputStream in = JsonDump.open(new Slice(file, 4, 8), conf, read::addAndGet)) {
            assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(TEXT, 4, TEXT.length));
        }
        assertThat(read).hasValue(TEXT.length - 4);
    }

    private JsonDump dump(String path) {
        return new JsonDump(folder + "/" + path, null, JsonPath.parse("type"), null, null);
    }

    private List<String> names(String path) {
        return dump(path).list(DAY, conf).stream()
                .map(file -> file.path().replaceFirst(".*/2021-07-04/", ""))
                .toList();
    }

    private byte[] read(Path file) throws IOException {
        SourceFile source = source(file);
        try (InputStream in = JsonDump.open(new Slice(source, 0, source.size()), conf, bytes -> {})) {
            return in.readAllBytes();
        }
    }

    private static SourceFile source(Path file) throws IOException {
        return new SourceFile("file:" + file, null, 0, Files.size(file), 0);
    }

    private Path write(String name, byte[] content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private static byte[] gzip(byte[] text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write(text);
        }
        return packed.toByteArray();
    }

    private static byte[] zstd(byte[] text) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new ZstdOutputStream(packed)) {
            out.write(text);
        }
        return packed.toByteArray();
    }
}
