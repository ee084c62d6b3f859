package io.firn.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.firn.schema.Column;

class GrammarTest {
    private static final Column V = Samples.column("v", "string", "v", "json");

    @Test
    void whatIsNotOneObject() {
        assertMalformed("", "at byte 0: the line ends in the middle of the document");
        assertMalformed("  ", "at byte 2: the line ends in the middle of the document");
        assertMalformed("[]", "at byte 0: a line must be one JSON object, found array");
        assertMalformed("5", "at byte 0: a line must be one JSON object, found number");
        assertMalformed("{}{}", "at byte 2: something follows after the document; one line holds one document");
        assertMalformed("{\"v\":1} x", "at byte 8: something follows after the document; one line holds one document");
        assertMalformed("\uFEFF{}", "at byte 0: expected a value");
        assertMalformed("{}\0", "at byte 2: something follows after the document; one line holds one document");
    }

    @Test
    void whatBreaksOff() {
        String line = "{\"v\":[1,{\"a\":\"x\\u0041\"},true,null,-2.5e-3],\"w\":{}}";
        for (int i = 0; i < line.length(); i++) {
            String cut = line.substring(0, i);
            assertThat(Decoded.of(cut, V).rejection()).as(cut).isNotNull();
            assertThat(Decoded.of(cut, V).rejection().reason()).as(cut).startsWith("malformed JSON at byte ");
        }
        assertThat(Decoded.of(line, V).rejection()).isNull();
    }

    @Test
    void commasAndKeys() {
        assertMalformed("{\"v\":[1,]}", "at byte 8: expected a value");
        assertMalformed("{\"v\":{\"a\":1,}}", "at byte 12: expected a key");
        assertMalformed("{\"v\":1,}", "at byte 7: expected a key");
        assertMalformed("{\"v\":[1 2]}", "at byte 8: expected ',' or ']'");
        assertMalformed("{\"v\" 1}", "at byte 5: expected ':' after a key");
        assertMalformed("{v:1}", "at byte 1: expected a key");
        assertMalformed("{\"v\":'x'}", "at byte 5: expected a value");
        assertMalformed("{\"v\":nul}", "at byte 5: expected true, false or null");
        assertMalformed("{\"v\":[}", "at byte 6: expected a value");
    }

    @Test
    void strings() {
        assertMalformed("{\"v\":\"a\tb\"}", "at byte 7: a raw control character in a string");
        assertMalformed("{\"v\":\"a\0b\"}", "at byte 7: a NUL byte");
        assertMalformed("{\"v\":\"\\ud83d\"}", "at byte 6: half of a surrogate pair");
        assertMalformed("{\"v\":\"\\ude00\\ud83d\"}", "at byte 6: half of a surrogate pair");
        assertMalformed("{\"v\":\"\\x\"}", "at byte 6: an unknown escape in a string");
        assertMalformed("{\"v\":\"\\u12G4\"}", "at byte 6: expected four hex digits after \\u");
        assertMalformed("{\"\\ud83d\":1}", "at byte 2: half of a surrogate pair");
    }

    @Test
    void utf8() {
        int[][] invalid = {
            {0x80},
            {0xC0, 0x80},
            {0xC1, 0xBF},
            {0xC3},
            {0xE0, 0x9F, 0xBF},
            {0xED, 0xA0, 0x80},
            {0xE2, 0x82},
            {0xF0, 0x8F, 0xBF, 0xBF},
            {0xF4, 0x90, 0x80, 0x80},
            {0xF5, 0x80, 0x80, 0x80},
            {0xFF},
            {0xC3, 0x28}
        };
        for (int[] bytes : invalid) {
            for (String around : List.of("{\"v\":\"\"}", "{\"w\":\"\"}", "{\"\":1}", "{\"v\":\"0123456789\"}")) {
                byte[] line = inFirstEmptyString(around, bytes);
                assertThat(Decoded.of(line, V).rejection()).as(around).isNotNull();
                assertThat(Decoded.of(line, V).rejection().reason()).contains("invalid UTF-8");
            }
        }
        for (String valid : List.of("\u0080", "\u07FF", "\u0800", "\uD7FF", "\uE000", "\uFFFF", "😀", "\uDBFF\uDFFF")) {
            assertThat(Decoded.of("{\"v\":\"" + valid + "\"}", Samples.column("v", "string"))
                            .outcome())
                    .isEqualTo(valid);
        }
    }

    @Test
    void duplicateKeys() {
        String twice = "\" stands twice in one object";
        for (String line : List.of(
                "{\"v\":1,\"v\":2}",
                "{\"w\":1,\"w\":2}",
                "{\"w\":1,\"\\u0077\":2}",
                "{\"\\u0077\":1,\"w\":2}",
                "{\"v\":{\"a\":1,\"b\":2,\"a\":3}}",
                "{\"w\":[{\"a\":1,\"\\u0061\":3}]}")) {
            assertThat(Decoded.of(line, V).rejection()).as(line).isNotNull();
            assertThat(Decoded.of(line, V).rejection().reason()).as(line).endsWith(twice);
        }
        assertThat(Decoded.of("{\"v\":[{\"a\":1},{\"a\":{\"a\":1}}],\"V\":1}", V)
                        .rejection())
                .isNull();
        Column map = Samples.column("v", "map<string, int>");
        assertThat(Decoded.of("{\"v\":{\"a\":1,\"\\u0061\":2}}", map)
                        .rejection()
                        .reason())
                .endsWith("the key \"a\" stands twice in one object");
        // Keys that must be escaped are never found by their raw bytes.
        assertThat(Decoded.of("{\"a\\\\\":1,\"a\\\"\":2,\"a\\n\":3}", V).rejection())
                .isNull();
    }

    @Test
    void manyKeys() {
        List<Column> columns = List.of(V, Samples.column("m", "map<string, int>"));
        LineDecoder decoder = LineDecoder.of(columns, UnknownFields.REPORT, 0);
        String keys =
                IntStream.range(0, 100_000).mapToObj(i -> "\"k" + i + "\":1").collect(Collectors.joining(","));
        DecodedRow row = decoder.row();
        for (String where : List.of("{\"m\":{%s}}", "{\"v\":{%s}}", "{\"w\":{%s}}", "{%s}")) {
            byte[] fine = Samples.utf8(where.replace("%s", keys));
            byte[] twice = Samples.utf8(where.replace("%s", keys + ",\"k99999\":2"));
            // Comparing all with all would take minutes.
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                assertThat(decoder.decode(fine, 0, fine.length, row)).isNull();
                assertThat(decoder.decode(twice, 0, twice.length, row).reason())
                        .endsWith("the key \"k99999\" stands twice in one object");
            });
        }
    }

    @Test
    void depthOnASmallStack() throws InterruptedException {
        Column narrow = Samples.column("v", "list<list<list<int>>>");
        List<Object> outcomes = new ArrayList<>();
        Thread small = new Thread(
                null,
                () -> {
                    for (String[] pair : new String[][] {{"[", "]"}, {"{\"a\":", "}"}}) {
                        for (int levels : new int[] {999, 1000}) {
                            String value = pair[0].repeat(levels - 1)
                                    + (pair[0].equals("[") ? "[]" : "{}")
                                    + pair[1].repeat(levels - 1);
                            outcomes.add(Decoded.of("{\"v\":" + value + "}", V).rejection() == null);
                            outcomes.add(
                                    Decoded.of("{\"w\":" + value + "}", narrow).rejection() == null);
                        }
                    }
                    outcomes.add(Decoded.of("{\"w\":" + "[".repeat(1_000_000), V)
                            .rejection()
                            .reason());
                },
                "small",
                512 << 10);
        small.start();
        small.join();
        assertThat(outcomes)
                .containsExactly(
                        true,
                        true,
                        false,
                        false,
                        true,
                        true,
                        false,
                        false,
                        "malformed JSON at byte 1004: nested deeper than 1000 levels");
    }

    @Test
    void reasonsHoldNoValues() {
        String secret = "s3cr3t";
        for (Column column : Samples.typedColumns()) {
            for (String value : List.of("\"" + secret + "\"", "{\"k\":\"" + secret + "\"}", "[\"" + secret + "\"]")) {
                Decoded decoded = Decoded.of("{\"" + column.name() + "\":" + value + "}", column);
                if (decoded.rejection() != null) {
                    assertThat(decoded.rejection().toString()).doesNotContain(secret);
                }
            }
        }
    }

    @Test
    void aDecoderGoesOnAfterABadLine() {
        LineDecoder decoder = LineDecoder.of(List.of(V), UnknownFields.REPORT, 0);
        DecodedRow row = decoder.row();
        byte[] bad = Samples.utf8("{\"v\":\"x\",\"w\":[[{\"a\":1,");
        byte[] good = Samples.utf8("{\"w\":1}");
        for (int i = 0; i < 3; i++) {
            assertThat(decoder.decode(bad, 0, bad.length, row)).isNotNull();
            assertThat(decoder.decode(good, 0, good.length, row)).isNull();
            assertThat(row.isNullAt(0)).isTrue();
        }
    }

    private static byte[] inFirstEmptyString(String around, int[] bytes) {
        int at = around.contains("0123456789") ? around.indexOf("5") : around.indexOf("\"\"") + 1;
        byte[] text = Samples.utf8(around);
        byte[] line = new byte[text.length + bytes.length];
        System.arraycopy(text, 0, line, 0, at);
        for (int i = 0; i < bytes.length; i++) {
            line[at + i] = (byte) bytes[i];
        }
        System.arraycopy(text, at, line, at + bytes.length, text.length - at);
        return line;
    }

    private static void assertMalformed(String line, String reason) {
        assertThat(Decoded.of(line, V).rejection()).as(line).isNotNull();
        assertThat(Decoded.of(line, V).rejection().column()).isNull();
        assertThat(Decoded.of(line, V).rejection().reason()).as(line).isEqualTo("malformed JSON " + reason);
    }
}
