package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.ResolvedEvent;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.decode.ReferenceParser;
import io.firn.decode.RowValues;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;

/** The quickstart's day of real events: every value, nested ones too, is what Jackson reads at the column's path. */
@ExtendWith(SparkExtension.class)
class QuickstartValuesTest {
    private static final Path JOBS = Path.of("..", "etl-jobs").toAbsolutePath().normalize();
    private static final Path DUMP = JOBS.resolve("quickstart/dump/2021-07-21");

    @TempDir
    private static Path home;

    private static Workspace github;
    private static RunResult result;

    /** The lines of the good file by event, each at its offset. */
    private static final Map<String, TreeMap<Long, byte[]>> LINES = new LinkedHashMap<>();

    @BeforeAll
    static void load(SparkSession spark) throws IOException {
        ObjectMapper json = new ObjectMapper();
        byte[] dump;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(DUMP.resolve("github-events.jsonl.gz")))) {
            dump = in.readAllBytes();
        }
        int from = 0;
        for (int to = 0; to < dump.length; to++) {
            if (dump[to] == '\n') {
                byte[] line = Arrays.copyOfRange(dump, from, to);
                String type = json.readTree(line).get("type").textValue();
                LINES.computeIfAbsent(type, key -> new TreeMap<>()).put((long) from, line);
                from = to + 1;
            }
        }
        github = Workspace.open(home, spark, JOBS.resolve("pipelines/github-events.yaml"));
        result = github.run(LocalDate.of(2021, 7, 21));
    }

    @AfterAll
    static void close() {
        github.close();
    }

    @Test
    void rowsPerTable() {
        Map<String, Long> expected = new TreeMap<>(Map.of(
                "push_event", 425L,
                "create_event", 103L,
                "pull_request_event", 64L,
                "watch_event", 58L,
                "issue_comment_event", 36L,
                "pull_request_review_event", 28L,
                "delete_event", 23L,
                "issues_event", 21L,
                "fork_event", 19L,
                "pull_request_review_comment_event", 10L));
        expected.putAll(Map.of(
                "member_event", 4L,
                "release_event", 3L,
                "public_event", 2L,
                "commit_comment_event", 2L,
                "gollum_event", 2L));
        Map<String, Long> loaded = new TreeMap<>();
        for (ResolvedEvent event : github.pipeline().events()) {
            String table = event.target().table().text();
            assertThat(table).startsWith("lake.github.");
            loaded.put(
                    table.substring("lake.github.".length()),
                    github.spark().table(table).count());
        }
        assertThat(loaded).isEqualTo(expected);
        assertThat(result.exit()).isEqualTo(ExitCode.OK);
        assertThat(result.lines()).isEqualTo(new RunResult.Lines(808, 800, 8, 0, 0, 0));
    }

    @Test
    void everyValueAsSparkReadsIt() {
        int compared = 0;
        for (ResolvedEvent event : github.pipeline().events()) {
            List<Column> columns = new ArrayList<>(event.tableColumns());
            columns.add(new Column("firn_offset", Scalar.LONG, null, null, false, null));
            String names = String.join(
                    ", ",
                    columns.stream().map(column -> "`" + column.name() + "`").toList());
            InternalRow[] rows = github.spark()
                    .sql("SELECT " + names + " FROM " + event.target().table().quoted())
                    .queryExecution()
                    .executedPlan()
                    .executeCollect();
            for (InternalRow row : rows) {
                List<Object> values = RowValues.of(row, columns);
                long offset = (Long) values.remove(values.size() - 1);
                assertThat(values).as("%s at %d", event.name(), offset).isEqualTo(expected(event, offset));
                compared += values.size();
            }
        }
        assertThat(compared).isGreaterThan(10_000);
    }

    @Test
    void everyValueAsParquetAvroReadsTheFiles() throws IOException {
        int rows = 0;
        for (ResolvedEvent event : github.pipeline().events()) {
            List<String> files = github.spark()
                    .sql("SELECT file_path FROM " + event.target().table().quoted() + ".files")
                    .as(Encoders.STRING())
                    .collectAsList();
            for (String file : files) {
                for (AvroRow row : AvroRow.read(file)) {
                    long offset = (Long) row.value("firn_offset", Scalar.LONG);
                    assertThat(row.values(event.tableColumns()))
                            .as("%s at %d", event.name(), offset)
                            .isEqualTo(expected(event, offset));
                    assertThat(row.value("firn_file", Scalar.STRING))
                            .isEqualTo("file:" + DUMP.resolve("github-events.jsonl.gz"));
                    rows++;
                }
            }
        }
        assertThat(rows).isEqualTo(800);
    }

    @Test
    void badLinesAreQuarantinedWithTheirPlace() throws IOException {
        List<String> lines = Files.readAllLines(DUMP.resolve("bad-lines.jsonl"), StandardCharsets.ISO_8859_1);
        List<Integer> offsets = new ArrayList<>(List.of(0));
        lines.forEach(line -> offsets.add(offsets.get(offsets.size() - 1) + line.length() + 1));
        assertThat(lines).hasSize(8);
        List<String> reasons = List.of(
                "PushEvent -: malformed JSON at byte " + lines.get(0).length() + ": a string is not closed",
                "PushEvent size: expected int, found string",
                "PushEvent push_id: out of range of long",
                "WatchEvent created_at: required, but missing",
                "WatchEvent created_at: no such day in the calendar",
                "DeleteEvent -: malformed JSON at byte "
                        + (lines.get(5).indexOf("\"ref\":\"new\"") + "\"ref\"".length())
                        + ": the key \"ref\" stands twice in one object",
                "WatchEvent -: malformed JSON at byte "
                        + (lines.get(6).indexOf("}{") + 1)
                        + ": something follows after the document; one line holds one document",
                "CreateEvent -: malformed JSON at byte " + lines.get(7).indexOf("\u00e9") + ": invalid UTF-8");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            expected.add("bad-lines.jsonl " + offsets.get(i) + " " + (i + 1) + " " + reasons.get(i));
        }
        assertThat(github.refused()).isEqualTo(expected);
        assertThat(github.sql("SELECT DISTINCT pipeline, day FROM lake.github.firn_quarantine"))
                .containsExactly("[github-events,2021-07-21]");
        assertThat(github.sql("SELECT hex(line) FROM lake.github.firn_quarantine ORDER BY firn_offset"))
                .isEqualTo(lines.stream()
                        .map(line -> "["
                                + HexFormat.of().withUpperCase().formatHex(line.getBytes(StandardCharsets.ISO_8859_1))
                                + "]")
                        .toList());
    }

    /** What the reference parser makes of a line, with the columns that the YAML derives worked out by hand. */
    private static List<Object> expected(ResolvedEvent event, long offset) {
        List<Object> values = ReferenceParser.parse(LINES.get(event.name()).get(offset), event.columns())
                .orElseThrow();
        Map<String, Object> row = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            row.put(event.columns().get(i).name(), values.get(i));
        }
        if (event.name().equals("PushEvent")) {
            row.put(
                    "hour",
                    ((Instant) row.get("created_at")).atOffset(ZoneOffset.UTC).getHour());
            row.put("branch", row.get("ref").toString().replaceFirst("^refs/heads/", ""));
        }
        if (event.name().equals("PullRequestEvent")) {
            row.put("changed_lines", (Integer) row.get("additions") + (long) (Integer) row.get("deletions"));
        }
        assertThat(row.keySet())
                .isEqualTo(new LinkedHashSet<>(
                        event.tableColumns().stream().map(Column::name).toList()));
        return new ArrayList<>(row.values());
    }
}
