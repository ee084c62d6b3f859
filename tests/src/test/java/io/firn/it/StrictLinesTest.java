package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;

/** Every kind of bad line in one dump: each is loaded exactly or quarantined with its place and reason, no day fails. */
@ExtendWith(SparkExtension.class)
class StrictLinesTest {
    private static final String YAML =
            """
            pipeline: strict
            source: {type: json-dump, path: "raw/{date}/", event-name: type}
            defaults: {max-quarantined: 1.0}
            events:
              e:
                columns:
                  - {name: n, type: int, required: true}
                  - {name: l, type: long}
                  - {name: i, type: int}
                  - {name: d, type: double}
                  - {name: f, type: float}
                  - {name: m, type: "decimal(10,2)"}
                  - {name: s, type: string}
                  - {name: day, type: date}
                  - {name: ts, type: timestamptz}
                  - {name: deep, type: string, format: json}
            """;

    private static final String CUT = "the line ends in the middle of the document";
    private static final String SECOND = "something follows after the document; one line holds one document";
    private static final String DEEP = "nested deeper than 1000 levels";

    @TempDir
    private Path home;

    private final ByteArrayOutputStream dump = new ByteArrayOutputStream();
    private final List<String> loaded = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private int number;

    @Test
    void eachCase(SparkSession spark) {
        dump.writeBytes(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
        loads("", "null,null,null,null,null,null,null");
        integers();
        fractions();
        texts();
        times();
        documents();
        try (Workspace strict = Workspace.of(home, spark, YAML)) {
            strict.file(Workspace.DAY, "a.jsonl", dump.toByteArray());

            RunResult result = strict.run();

            assertThat(strict.sql("SELECT n, l, i, d, f, m, s, day FROM lake.strict.e ORDER BY n"))
                    .isEqualTo(loaded);
            assertThat(strict.refused()).isEqualTo(refused);
            assertThat(result.exit()).isEqualTo(ExitCode.OK);
            assertThat(result.lines())
                    .isEqualTo(new RunResult.Lines(
                            loaded.size() + refused.size(), loaded.size(), refused.size(), 0, 0, 0));
        }
    }

    @Test
    void aLongerLineThanAllowedIsQuarantinedWithItsBeginning(SparkSession spark) {
        String yaml = YAML.replace("event-name: type", "event-name: type, max-line-bytes: 2048");
        String fits = "{\"type\":\"e\",\"n\":1,\"s\":\"" + "x".repeat(2048 - 25) + "\"}";
        String tooLong = fits.replace("\"n\":1", "\"n\":22");
        assertThat(fits).hasSize(2048);
        try (Workspace strict = Workspace.of(home, spark, yaml)) {
            strict.file("a.jsonl", fits, tooLong, fits.replace("\"n\":1", "\"n\":3") + "\r", tooLong);

            RunResult result = strict.run();

            assertThat(result.lines()).isEqualTo(new RunResult.Lines(4, 2, 2, 0, 0, 0));
            assertThat(strict.sql("SELECT n, length(s) FROM lake.strict.e ORDER BY n"))
                    .containsExactly("[1,2023]", "[3,2023]");
            String reason =
                    " - -: line of 2049 bytes is longer than max-line-bytes 2048; only its beginning is kept here";
            assertThat(strict.refused())
                    .containsExactly("a.jsonl 2049 2" + reason, "a.jsonl " + (2 * 2049 + 2050 + 1) + " 4" + reason);
            assertThat(strict.sql("SELECT string(line) FROM lake.strict.firn_quarantine"))
                    .allMatch(kept -> tooLong.startsWith(kept.substring(1, kept.length() - 1)) && kept.length() > 100);
        }
    }

    /** The default limit, 64 MiB, at its very edge. */
    @Test
    void aLineOf64MiBLoadsAndOneByteMoreDoesNot(SparkSession spark) throws IOException {
        String head = "{\"type\":\"e\",\"n\":1,\"s\":\"";
        int fill = (64 << 20) - head.length() - 2;
        try (Workspace strict = Workspace.of(home, spark, YAML)) {
            Path file = strict.file(Workspace.DAY, "a.jsonl", new byte[0]);
            try (OutputStream out = Files.newOutputStream(file)) {
                for (int more = 0; more <= 1; more++) {
                    out.write(utf8(head));
                    out.write(filled(fill + more));
                    out.write(utf8("\"}\n"));
                }
            }

            RunResult result = strict.run();

            assertThat(result.lines()).isEqualTo(new RunResult.Lines(2, 1, 1, 0, 0, 0));
            assertThat(strict.sql("SELECT n, length(s) FROM lake.strict.e")).containsExactly("[1," + fill + "]");
            assertThat(strict.refused())
                    .containsExactly("a.jsonl 67108865 2 - -: line of 67108865 bytes is longer than max-line-bytes"
                            + " 67108864; only its beginning is kept here");
        }
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }

    private void integers() {
        loads("\"l\":9223372036854775807", "9223372036854775807,null,null,null,null,null,null");
        loads("\"l\":-9223372036854775808", "-9223372036854775808,null,null,null,null,null,null");
        loads("\"l\":3.0,\"i\":1e3", "3,1000,null,null,null,null,null");
        refuses("\"l\":9223372036854775808", "l", "out of range of long");
        refuses("\"l\":-9223372036854775809", "l", "out of range of long");
        refuses("\"i\":2147483648", "i", "out of range of int");
        refuses("\"i\":3.5", "i", "has a fraction, which int does not keep");
        refuses("\"i\":\"3\"", "i", "expected int, found string");
        refuses("\"i\":true", "i", "expected int, found boolean");
        refuses("\"i\":[3]", "i", "expected int, found array");
    }

    private void fractions() {
        loads("\"d\":0.1,\"f\":0.1", "null,null,0.1,0.1,null,null,null");
        loads("\"d\":1e-400", "null,null,0.0,null,null,null,null");
        loads("\"m\":1.20", "null,null,null,null,1.20,null,null");
        refuses("\"d\":1e400", "d", "out of range of double");
        refuses("\"f\":1e39", "f", "out of range of float");
        refuses("\"m\":1.239", "m", "more digits after the point than decimal(10,2) keeps");
        refuses("\"m\":100000000.00", "m", "out of range of decimal(10,2)");
        refuses("\"d\":NaN", null, malformed(23, "expected a value"));
        refuses("\"d\":\"0.1\"", "d", "expected double, found string");
    }

    private void texts() {
        loads("\"s\":\"grün \\ud83d\\ude00\"", "null,null,null,null,null,grün \ud83d\ude00,null");
        loads("\"s\":\"\\u0000\"", "null,null,null,null,null,\0,null");
        refuses("\"s\":3", "s", "expected string, found number");
        refuses("\"s\":\"\\ud83d\"", null, malformed(24, "half of a surrogate pair"));
        refuses(bytes("\"s\":\"", new byte[] {(byte) 0xC3, '('}, "\""), null, malformed(24, "invalid UTF-8"));
        refuses(bytes("\"s\":\"", new byte[] {0}, "\""), null, malformed(24, "a NUL byte"));
    }

    private void times() {
        loads("\"day\":\"2024-02-29\"", "null,null,null,null,null,null,2024-02-29");
        refuses("\"day\":\"2021-02-29\"", "day", "no such day in the calendar");
        refuses("\"day\":20210229", "day", "expected date, found number");
        refuses("\"ts\":\"2021-07-21T06:00:00\"", "ts", "has no offset such as Z or +02:00, which timestamptz needs");
        refuses(
                "\"ts\":\"2021-07-21T24:00:00Z\"",
                "ts",
                "no such time of day (hours go to 23, minutes and seconds to 59)");
    }

    private void documents() {
        String type = "{\"type\":\"e\"";
        refusesLine(utf8(type + "}"), "e", "n", "required, but missing");
        refusesLine(utf8(type + ",\"n\":null}"), "e", "n", "required, but null");
        refusesLine(utf8(type + ",\"n\":1}{\"n\":2}"), "e", null, malformed(18, SECOND));
        refusesLine(utf8(type + ",\"n\":1} {\"n\":2}"), "e", null, malformed(19, SECOND));
        refusesLine(utf8(type + ",\"n\":1"), "e", null, malformed(17, CUT));
        refusesLine(utf8(type + ",\"n\":1,\"s\":\"cut in a str"), "e", null, malformed(35, "a string is not closed"));
        refusesLine(
                utf8(type + ",\"n\":1,\"n\":1}"), "e", null, malformed(21, "the key \"n\" stands twice in one object"));
        refusesLine(
                utf8(type + ",\"n\":1,\"x\":{\"y\":1,\"\\u0079\":2}}"),
                "e",
                null,
                malformed(37, "the key \"y\" stands twice in one object"));
        refusesLine(
                bytes("", new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF}, type + ",\"n\":1}"),
                "-",
                null,
                malformed(0, "expected a value"));
        refusesLine(utf8("\0" + type + ",\"n\":1}"), "-", null, malformed(0, "expected a value"));
        refusesLine(utf8("{\"n\":1}"), "-", null, "no event's name at type");
        refusesLine(utf8("{\"type\":7,\"n\":1}"), "-", null, "the event's name at type is not a string");
        refusesLine(
                utf8("[" + type + ",\"n\":1}]"),
                "-",
                null,
                malformed(0, "a line must be one JSON object, found array"));
        refusesLine(utf8("null"), "-", null, malformed(0, "a line must be one JSON object, found null"));
        refusesLine(utf8("{\"n\":1,\"type\":\"other\""), "other", null, malformed(21, CUT));
        blank("");
        blank(" \t\r");
        loads("\"deep\":" + "[".repeat(998) + "]".repeat(998), "null,null,null,null,null,null,null");
        refuses("\"deep\":" + "[".repeat(1000) + "]".repeat(1000), null, malformed(1025, DEEP));
        refuses("\"unknown\":" + "{\"a\":".repeat(5000) + "1" + "}".repeat(5000), null, malformed(5024, DEEP));
        loads("\"i\":1 ", "null,1,null,null,null,null,null");
        byte[] last = utf8(type + ",\"n\":" + (number + 1) + ",\"i\":2}");
        number++;
        loaded.add("[" + number + ",null,2,null,null,null,null,null]");
        dump.writeBytes(last);
    }

    private void loads(String values, String expected) {
        number++;
        loaded.add("[" + number + "," + expected + "]");
        dump.writeBytes(line(utf8(values)));
        dump.write('\n');
    }

    private void refuses(String values, String column, String reason) {
        refuses(utf8(values), column, reason);
    }

    private void refuses(byte[] values, String column, String reason) {
        refused.add(
                "a.jsonl " + dump.size() + " " + ++number + " e " + (column == null ? "-" : column) + ": " + reason);
        dump.writeBytes(line(values));
        dump.write('\n');
    }

    private void refusesLine(byte[] line, String event, String column, String reason) {
        refused.add("a.jsonl " + dump.size() + " " + ++number + " " + event + " " + (column == null ? "-" : column)
                + ": " + reason);
        dump.writeBytes(line);
        dump.write('\n');
    }

    private static String malformed(int at, String what) {
        return "malformed JSON at byte " + at + ": " + what;
    }

    /** No line of the counts, but one of the file. */
    private void blank(String spaces) {
        number++;
        dump.writeBytes(utf8(spaces + "\n"));
    }

    private byte[] line(byte[] values) {
        return bytes("{\"type\":\"e\",\"n\":" + number + (values.length == 0 ? "" : ","), values, "}");
    }

    private static byte[] bytes(String before, byte[] middle, String after) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(utf8(before));
        out.writeBytes(middle);
        out.writeBytes(utf8(after));
        return out.toByteArray();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
