package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.decode.Mutation;
import io.firn.decode.ReferenceParser;
import io.firn.decode.RowValues;
import io.firn.decode.Samples;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.Format;
import io.firn.schema.JsonPath;

/** Mutated lines through the whole load: none is lost, and what is loaded is what the strict reference parser reads. */
@ExtendWith(SparkExtension.class)
class FuzzLoadTest {
    private static final int LINES = 50_000;
    private static final Column TYPE = new Column("type", Scalar.STRING, JsonPath.parse("type"), null, true, null);
    private static final Map<String, List<Column>> EVENTS = new LinkedHashMap<>(Map.of(
            "typed", configurable(Samples.typedColumns()),
            "PushEvent", configurable(Samples.eventColumns()),
            "PullRequestEvent", configurable(Samples.eventColumns()),
            "CreateEvent", configurable(Samples.eventColumns()),
            "WatchEvent", Samples.fewColumns()));

    @TempDir
    private Path home;

    /** Where a line stands in its file. */
    private record Line(int from, int to) {}

    /** What a file's lines came to, as the reference parser says. */
    private record Tally(long lines, long loaded, long quarantined, long notListed) {
        static final Tally NONE = new Tally(0, 0, 0, 0);

        Tally plus(Tally other) {
            return new Tally(
                    lines + other.lines,
                    loaded + other.loaded,
                    quarantined + other.quarantined,
                    notListed + other.notListed);
        }
    }

    @Test
    void twoHundredThousandMutatedLines(SparkSession spark) {
        fuzz(spark, 4, 11);
    }

    @Test
    @Tag("long")
    void manyMore(SparkSession spark) {
        fuzz(spark, 20, 1000);
    }

    /** Files are checked one by one, to keep memory small; each has its own seed. */
    private void fuzz(SparkSession spark, int files, long firstSeed) {
        try (Workspace fuzz = Workspace.of(home, spark, yaml())) {
            for (int file = 0; file < files; file++) {
                fuzz.file(Workspace.DAY, "fuzz-" + (firstSeed + file) + ".jsonl", dump(firstSeed + file));
            }

            RunResult result = fuzz.run();

            Tally all = Tally.NONE;
            for (int file = 0; file < files; file++) {
                all = all.plus(check(fuzz, firstSeed + file));
            }
            assertThat(result.lines())
                    .isEqualTo(
                            new RunResult.Lines(all.lines(), all.loaded(), all.quarantined(), 0, all.notListed(), 0));
            assertThat(all.loaded()).isGreaterThan((long) files * LINES / 10);
            assertThat(all.quarantined()).isGreaterThan((long) files * LINES / 4);
            assertThat(all.notListed()).isPositive();
        }
    }

    private static Tally check(Workspace fuzz, long seed) {
        byte[] dump = dump(seed);
        String file = " WHERE firn_file LIKE '%/fuzz-" + seed + ".jsonl'";
        Map<String, Map<Long, InternalRow>> rows = new LinkedHashMap<>();
        EVENTS.keySet().forEach(event -> rows.put(event, rows(fuzz, event, file)));
        List<Long> quarantine = fuzz.spark()
                .sql("SELECT firn_offset FROM lake.fuzz.firn_quarantine" + file)
                .as(Encoders.LONG())
                .collectAsList();
        Set<Long> refused = new HashSet<>(quarantine);
        assertThat(quarantine).as("each offset once").hasSameSizeAs(refused);
        Tally tally = Tally.NONE;
        for (Line at : lines(dump)) {
            byte[] line = Arrays.copyOfRange(dump, at.from, at.to);
            String event = ReferenceParser.parse(line, List.of(TYPE))
                    .map(values -> (String) values.get(0))
                    .orElse(null);
            List<Column> columns = EVENTS.get(event);
            Optional<List<Object>> expected = columns == null ? Optional.empty() : ReferenceParser.parse(line, columns);
            InternalRow row = columns == null ? null : rows.get(event).remove((long) at.from);
            Optional<List<Object>> actual = row == null ? Optional.empty() : Optional.of(RowValues.of(row, columns));
            assertThat(actual).as("seed %d, line at %d", seed, at.from).isEqualTo(expected);
            int loaded = row == null ? 0 : 1;
            int stranger = event != null && columns == null ? 1 : 0;
            int bad = 1 - loaded - stranger;
            assertThat(refused.contains((long) at.from))
                    .as("seed %d, line at %d in the quarantine", seed, at.from)
                    .isEqualTo(bad == 1);
            tally = tally.plus(new Tally(1, loaded, bad, stranger));
        }
        assertThat(rows.values()).as("rows of no line").allMatch(Map::isEmpty);
        assertThat(refused).hasSize((int) tally.quarantined());
        return tally;
    }

    /** Without the formats that the decoder could serve and YAML refuses. */
    private static List<Column> configurable(List<Column> columns) {
        return columns.stream()
                .filter(column -> column.format() == null
                        || column.format().kind() == Format.Kind.JSON == (column.type() == Scalar.STRING))
                .filter(column -> column.format() == null || column.type() != Scalar.DATE)
                .toList();
    }

    private static Map<Long, InternalRow> rows(Workspace fuzz, String event, String where) {
        List<Column> columns = EVENTS.get(event);
        List<String> names = new ArrayList<>(
                columns.stream().map(column -> "`" + column.name() + "`").toList());
        String table = fuzz.event(event).target().table().quoted();
        InternalRow[] all = fuzz.spark()
                .sql("SELECT " + String.join(", ", names) + ", firn_offset FROM " + table + where)
                .queryExecution()
                .executedPlan()
                .executeCollect();
        Map<Long, InternalRow> rows = new LinkedHashMap<>();
        for (InternalRow row : all) {
            assertThat(rows.put(row.getLong(columns.size()), row))
                    .as("the same offset twice in %s", event)
                    .isNull();
        }
        return rows;
    }

    private static byte[] dump(long seed) {
        Random random = new Random(seed);
        List<byte[]> typed = Samples.typed().stream().map(FuzzLoadTest::named).toList();
        List<byte[]> events = Samples.events();
        List<byte[]> all = new ArrayList<>(events);
        all.addAll(typed);
        ByteArrayOutputStream dump = new ByteArrayOutputStream();
        for (int n = 0; n < LINES; n++) {
            List<byte[]> from = random.nextInt(8) > 0 ? typed : events;
            byte[] line = from.get(random.nextInt(from.size()));
            for (int k = random.nextInt(3); k >= 0; k--) {
                line = Mutation.any(random).apply(line, all, random);
            }
            dump.writeBytes(line);
            dump.write('\n');
        }
        return dump.toByteArray();
    }

    /** A line of the typed sample as an event. */
    private static byte[] named(byte[] line) {
        String text = new String(line, StandardCharsets.UTF_8).strip();
        String rest = text.substring(1).strip();
        return ("{\"type\":\"typed\"" + (rest.equals("}") ? "" : ",") + rest).getBytes(StandardCharsets.UTF_8);
    }

    /** Lines as plainly as they can be told: between newlines, less one carriage return, not blank. */
    private static List<Line> lines(byte[] dump) {
        List<Line> lines = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < dump.length; at++) {
            if (dump[at] == '\n') {
                int to = at > from && dump[at - 1] == '\r' ? at - 1 : at;
                boolean blank = true;
                for (int i = from; i < to; i++) {
                    blank &= " \t\r".indexOf(dump[i]) >= 0;
                }
                if (!blank) {
                    lines.add(new Line(from, to));
                }
                from = at + 1;
            }
        }
        return lines;
    }

    private static String yaml() {
        StringBuilder yaml = new StringBuilder(
                """
                pipeline: fuzz
                source: {type: json-dump, path: "raw/{date}/", event-name: type}
                defaults: {max-quarantined: 1.0}
                events:
                """);
        EVENTS.forEach((event, columns) -> {
            yaml.append("  ").append(event).append(":\n    columns:\n");
            for (Column column : columns) {
                yaml.append("      - {name: %s, type: '%s', path: '%s', required: %b%s}\n"
                        .formatted(
                                column.name(),
                                column.type().text(),
                                column.location().text(),
                                column.required(),
                                column.format() == null
                                        ? ""
                                        : ", format: '" + column.format().text().replace("'", "''") + "'"));
            }
        });
        return yaml.toString();
    }
}
