package io.firn.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.firn.schema.Column;
import io.firn.schema.Rejection;

class UnknownFieldsTest {
    private static final Column SIZE = Samples.column("size", "int", "payload.size", null);
    private static final Column COMMITS = Samples.column("commits", "list<struct<sha: string>>");

    @Test
    void countsTopmostPaths() {
        UnknownReport report = report(
                List.of(
                        "{\"payload\":{\"size\":1,\"pusher\":{\"a\":1,\"b\":2}},\"commits\":[{\"x\":1},{\"x\":2.5}]}",
                        "{\"payload\":{\"pusher\":null},\"odd.key\":\"" + "ä".repeat(100) + "\",\"n\":null}",
                        "{\"payload\":{\"pusher\":{}},\"n\":null}"),
                SIZE,
                COMMITS);
        assertThat(report.more()).isZero();
        assertThat(report.fields())
                .containsExactly(
                        new UnknownReport.Field("\"odd.key\"", 1, "\"" + "ä".repeat(79), "string"),
                        new UnknownReport.Field("commits[].x", 2, "1", "double"),
                        new UnknownReport.Field("n", 2, "null", "null"),
                        new UnknownReport.Field("payload.pusher", 3, "{\"a\":1,\"b\":2}", "object"));
    }

    @Test
    void whatAnyColumnNamesIsKnown() {
        String line = "{\"payload\":{\"size\":1,\"b\":{\"c\":1,\"d\":2},\"x\":1}}";
        Column struct = Samples.column("payload", "struct<b: struct<c: int>>");
        Column json = Samples.column("text", "string", "payload", "json");
        Column deep = Samples.column("c", "int", "payload.b.c", null);
        assertThat(paths(line, SIZE, struct)).containsExactly("payload.b.d", "payload.x");
        assertThat(paths(line, struct, SIZE, deep)).containsExactly("payload.b.d", "payload.x");
        assertThat(paths(line, SIZE, deep)).containsExactly("payload.b.d", "payload.x");
        assertThat(paths(line, SIZE, json)).isEmpty();
        assertThat(paths(line, json, struct, deep)).isEmpty();
        assertThat(paths(line, SIZE)).containsExactly("payload.b", "payload.x");
    }

    @Test
    void keepsThemWithTheirRealPlaces() {
        Column map = Samples.column("m", "map<string, list<struct<a: int>>>");
        assertThat(kept(
                        "{\"payload\":{\"size\":1,\"p\\\"q\":{\"a\": 1}},\"commits\":[{\"sha\":\"s\"},{\"x\":[1, 2]}],"
                                + "\"m\":{\"k\":[{\"z\":\"\\n\"}]}}",
                        SIZE,
                        COMMITS,
                        map))
                .isEqualTo("{\"payload.\\\"p\\\"q\\\"\":{\"a\": 1},\"commits[1].x\":[1, 2],\"m.k[0].z\":\"\\n\"}");
        assertThat(kept("{\"payload\":{\"size\":1}}", SIZE)).isNull();
    }

    @Test
    void keepsAllOfManyKeys() {
        String keys =
                IntStream.range(0, 5000).mapToObj(i -> "\"k" + i + "\":" + i).collect(Collectors.joining(","));
        assertThat(kept("{" + keys + "}", SIZE)).isEqualTo("{" + keys + "}");
    }

    @Test
    void failRejectsTheLine() {
        LineDecoder decoder = LineDecoder.of(List.of(COMMITS), UnknownFields.FAIL, 0);
        byte[] line = Samples.utf8("{\"commits\":[{\"sha\":\"s\",\"x\":1}]}");
        Rejection rejection = decoder.decode(line, 0, line.length, decoder.row());
        assertThat(rejection).isEqualTo(new Rejection("commits[].x", "no column names this key"));
        assertThat(decoder.unknown().fields().get(0).count()).isEqualTo(1);
    }

    @Test
    void reportsAreBounded() {
        String keys =
                IntStream.range(0, 5000).mapToObj(i -> "\"k" + i + "\":" + i).collect(Collectors.joining(","));
        UnknownReport report = report(List.of("{" + keys + "}", "{" + keys + "}"), SIZE);
        assertThat(report.fields()).hasSizeBetween(100, UnknownReport.MAX_PATHS);
        assertThat(report.more()
                        + report.fields().stream()
                                .mapToLong(UnknownReport.Field::count)
                                .sum())
                .isEqualTo(10_000);
    }

    @Test
    void reportsAddUp() {
        UnknownReport sum = report(List.of("{\"a\":null,\"b\":1}"), SIZE)
                .plus(report(List.of("{\"a\":5,\"b\":1.5,\"c\":true}"), SIZE))
                .plus(report(List.of("{\"c\":\"x\"}"), SIZE));
        assertThat(sum.fields())
                .containsExactly(
                        new UnknownReport.Field("a", 2, "5", "long"),
                        new UnknownReport.Field("b", 2, "1", "double"),
                        new UnknownReport.Field("c", 2, "true", "mixed"));
    }

    private static List<String> paths(String line, Column... columns) {
        UnknownReport report = report(List.of(line), columns);
        assertThat(report.fields()).allMatch(f -> f.count() == 1);
        return report.fields().stream().map(UnknownReport.Field::path).toList();
    }

    private static UnknownReport report(List<String> lines, Column... columns) {
        LineDecoder decoder = LineDecoder.of(Arrays.asList(columns), UnknownFields.REPORT, 0);
        for (String line : lines) {
            byte[] bytes = Samples.utf8(line);
            assertThat(decoder.decode(bytes, 0, bytes.length, decoder.row())).isNull();
        }
        return decoder.unknown();
    }

    private static String kept(String line, Column... columns) {
        LineDecoder decoder = LineDecoder.of(Arrays.asList(columns), UnknownFields.KEEP, 1);
        byte[] bytes = Samples.utf8(line);
        DecodedRow row = decoder.row();
        assertThat(decoder.decode(bytes, 0, bytes.length, row)).isNull();
        assertThat(decoder.firstExtraSlot()).isEqualTo(columns.length + 1);
        return row.isNullAt(columns.length)
                ? null
                : row.getUTF8String(columns.length).toString();
    }
}
