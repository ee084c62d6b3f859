package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
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
import io.firn.schema.JsonPath;

/** Mutated lines through the whole load: none is lost, and what is loaded is what the strict reference parser reads. */
@ExtendWith(SparkExtension.class)
class FuzzLoadTest {
    private static final Column TYPE = new Column("type", Scalar.STRING, JsonPath.parse("type"), null, true, null);
    private static final Column OFFSET = new Column("firn_offset", Scalar.LONG, null, null, false, null);
    private static final Map<String, List<Column>> EVENTS = new LinkedHashMap<>(Map.of(
            "typed", Samples.typedColumns(),
            "PushEvent", Samples.eventColumns(),
            "PullRequestEvent", Samples.eventColumns(),
            "CreateEvent", Samples.eventColumns(),
            "WatchEvent", Samples.fewColumns()));

    @TempDir
    private Path home;

    /** What must become of a line: its event's row, or none; the line's end in the dump. */
    private record Line(int from, int to) {}

    @Test
    void mutatedLines(SparkSession spark) throws Exception {
        fuzz(spark, 50_000, 11);
    }

    @Test
    @Tag("long")
    void manyMutatedLines(SparkSession spark) throws Exception {
        fuzz(spark, 200_000, 12);
    }

    private void fuzz(SparkSession spark, int mutations, long seed) throws Exception {
        byte[] dump = dump(mutations, seed);
        List<Line> lines = lines(dump);
        try (Workspace fuzz = Workspace.of(home, spark, yaml())) {
            fuzz.file(Workspace.DAY, "fuzz.jsonl", dump);

            RunResult result = fuzz.run();

            long loaded = 0;
            long quarantined = 0;
            long notListed = 0;
            Map<String, Map<Long, InternalRow>> rows = new LinkedHashMap<>();
            for (String event : EVENTS.keySet()) {
                rows.put(event, rows(fuzz, event));
            }
            Set<Long> refused = new HashSet<>(fuzz.spark()
                    .sql("SELECT firn_offset FROM lake.fuzz.firn_quarantine")
                    .as(org.apache.spark.sql.Encoders.LONG())
                    .collectAsList());
            for (Line at : lines) {
                byte[] line = Arrays.copyOfRange(dump, at.from, at.to);
                String event = ReferenceParser.parse(line, List.of(TYPE))
                        .map(values -> (String) values.get(0))
                        .orElse(null);
                List<Column> columns = EVENTS.get(event);
                Optional<List<Object>> expected =
                        columns == null ? Optional.empty() : ReferenceParser.parse(line, columns);
                InternalRow row = columns == null ? null : rows.get(event).remove((long) at.from);
                Optional<List<Object>> actual =
                        row == null ? Optional.empty() : Optional.of(RowValues.of(row, columns));
                assertThat(actual).as("seed %d, line at %d", seed, at.from).isEqualTo(expected);
                boolean stranger = event != null && columns == null;
                assertThat(refused.contains((long) at.from))
                        .as("seed %d, line at %d in the quarantine", seed, at.from)
                        .isEqualTo(expected.isEmpty() && !stranger);
                loaded += row == null ? 0 : 1;
                notListed += stranger ? 1 : 0;
                quarantined += expected.isEmpty() && !stranger ? 1 : 0;
            }
            assertThat(rows.values()).as("rows of no line").allMatch(Map::isEmpty);
            assertThat(refused).hasSize((int) quarantined);
            assertThat(result.lines())
                    .isEqualTo(new RunResult.Lines(lines.size(), loaded, quarantined, 0, notListed, 0));
            assertThat(loaded).isGreaterThan(mutations / 10);
            assertThat(quarantined).isGreaterThan(mutations / 4);
            assertThat(notListed).isPositive();
        }
    }

    private static Map<Long, InternalRow> rows(Workspace fuzz, String event) {
        List<Column> columns = EVENTS.get(event);
        List<String> names = new ArrayList<>(
                columns.stream().map(column -> "`" + column.name() + "`").toList());
        String table = fuzz.event(event).target().table().quoted();
        InternalRow[] all = fuzz.spark()
                .sql("SELECT " + String.join(", ", names) + ", firn_offset FROM " + table)
                .queryExecution()
                .executedPlan()
                .executeCollect();
        Map<Long, InternalRow> rows = new LinkedHashMap<>();
        for (InternalRow row : all) {
            assertThat(rows.put(row.getLong(columns.size()), row))
                    .as("%s twice in %s", OFFSET.name(), event)
                    .isNull();
        }
        return rows;
    }

    private static byte[] dump(int mutations, long seed) {
        Random random = new Random(seed);
        List<byte[]> typed = Samples.typed().stream().map(FuzzLoadTest::named).toList();
        List<byte[]> events = Samples.events();
        List<byte[]> all = new ArrayList<>(events);
        all.addAll(typed);
        ByteArrayOutputStream dump = new ByteArrayOutputStream();
        for (int n = 0; n < mutations; n++) {
            List<byte[]> from = random.nextInt(4) > 0 ? typed : events;
            byte[] line = from.get(random.nextInt(from.size()));
            for (int k = random.nextInt(3); k > 0; k--) {
                line = Mutation.any(random).apply(line, all, random);
            }
            dump.writeBytes(line);
            dump.write('\n');
        }
        return dump.toByteArray();
    }

    /** A line of the typed sample as an event. */
    private static byte[] named(byte[] line) {
        String text = new String(line, java.nio.charset.StandardCharsets.UTF_8).strip();
        String rest = text.substring(1).strip();
        return ("{\"type\":\"typed\"" + (rest.equals("}") ? "" : ",") + rest)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
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
