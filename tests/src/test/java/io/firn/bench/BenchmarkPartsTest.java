package io.firn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.luben.zstd.ZstdInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.bench.DumpGenerator.Compression;
import io.firn.schema.Column;

/** What the benchmark's figures stand on: the generator keeps its word. */
class BenchmarkPartsTest {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @TempDir
    private Path temp;

    @Test
    void theSameParametersGiveTheSameBytes() throws Exception {
        Dump one = generator(3, Compression.PLAIN).write(temp.resolve("a"));
        Dump two = generator(3, Compression.PLAIN).write(temp.resolve("b"));
        assertThat(lines(one)).isEqualTo(lines(two));
        assertThat(one.rows()).isEqualTo(two.rows());
    }

    @Test
    void everyLineIsAsTheDumpCountsIt() throws Exception {
        Dump dump = generator(20, Compression.PLAIN).write(temp);
        Map<String, EventType> types = new HashMap<>();
        dump.types().forEach(t -> types.put(t.name(), t));
        Map<String, Long> rows = new HashMap<>();
        long malformed = 0;
        for (String line : lines(dump)) {
            if (line.startsWith("bad-", EventType.ID_STARTS)) {
                assertThat(malformed(line)).as(line).isTrue();
                malformed++;
                continue;
            }
            JsonNode document = JSON.readTree(line);
            String event = document.get("event").textValue();
            rows.merge(event, 1L, Long::sum);
            for (Column column : types.get(event).columns()) {
                JsonNode value = document;
                for (String key : column.location().keys()) {
                    value = value.path(key);
                }
                assertThat(value.isMissingNode()).as(column + " of " + line).isFalse();
            }
        }
        assertThat(malformed).isEqualTo(dump.malformed()).isPositive();
        assertThat(rows).isEqualTo(dump.rows());
        assertThat(dump.lines()).isEqualTo(lines(dump).size());
    }

    @Test
    void sizesAreSkewedAndTypesDiffer() throws Exception {
        Dump dump = generator(20, Compression.PLAIN).write(temp);
        List<EventType> types = dump.types();
        assertThat(dump.rows().get(types.get(0).name()))
                .isGreaterThan(10 * dump.rows().get(types.get(19).name()));
        assertThat(types.get(0).columns()).isNotEqualTo(types.get(1).columns());
        assertThat(types).allSatisfy(t -> assertThat(t.columns()).hasSizeBetween(20, 30));
        assertThat(EventType.all(200, "2026-01-15")).extracting(EventType::name).doesNotHaveDuplicates();
    }

    @Test
    void compressedDumpsHoldTheSameLines() throws Exception {
        Dump plain = generator(3, Compression.PLAIN).write(temp.resolve("plain"));
        Dump gzip = generator(3, Compression.GZIP).write(temp.resolve("gzip"));
        Dump zstd = generator(3, Compression.ZSTD).write(temp.resolve("zstd"));
        assertThat(gzip.bytes()).isEqualTo(plain.bytes());
        assertThat(new String(
                        new GZIPInputStream(
                                        Files.newInputStream(gzip.directory().resolve("part-00000.json.gz")))
                                .readAllBytes(),
                        StandardCharsets.UTF_8))
                .isEqualTo(Files.readString(plain.directory().resolve("part-00000.json")));
        assertThat(new ZstdInputStream(Files.newInputStream(zstd.directory().resolve("part-00001.json.zst")))
                        .readAllBytes())
                .isEqualTo(Files.readAllBytes(plain.directory().resolve("part-00001.json")));
    }

    private static DumpGenerator generator(int types, Compression compression) {
        return new DumpGenerator(3_000_000, types, 0.01, 2, compression, "2026-01-15", 7);
    }

    private static boolean malformed(String line) throws Exception {
        try {
            return JSON.readTree(line).at("/user/id").isTextual();
        } catch (JsonProcessingException e) {
            return true;
        }
    }

    private static List<String> lines(Dump dump) throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            lines.addAll(Files.readAllLines(dump.directory().resolve("part-0000" + i + ".json")));
        }
        return lines;
    }
}
