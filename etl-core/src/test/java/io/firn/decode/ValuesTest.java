package io.firn.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.firn.schema.Column;

/** Every type at its boundaries; an outcome that starts with ! is the reason of a rejection. */
class ValuesTest {
    @Test
    void integers() {
        check("int", null, "2147483647", Integer.MAX_VALUE);
        check("int", null, "-2147483648", Integer.MIN_VALUE);
        check("int", null, "2147483648", "! out of range of int");
        check("int", null, "3.0", 3);
        check("int", null, "1e3", 1000);
        check("int", null, "15e-1", "! has a fraction, which int does not keep");
        check("int", null, "150e-1", 15);
        check("int", null, "3.5", "! has a fraction, which int does not keep");
        check("int", null, "0e999999999", 0);
        check("int", null, "\"3\"", "! expected int, found string");
        check("int", null, "true", "! expected int, found boolean");
        check("int", null, "null", null);
        check("long", null, "9223372036854775807", Long.MAX_VALUE);
        check("long", null, "-9223372036854775808", Long.MIN_VALUE);
        check("long", null, "9223372036854775808", "! out of range of long");
        check("long", null, "-9223372036854775809", "! out of range of long");
        check("long", null, "92233720368547758070e-1", Long.MAX_VALUE);
        check("long", null, "1e18", 1_000_000_000_000_000_000L);
        check("long", null, "1e19", "! out of range of long");
        check("long", null, "1e999999999", "! out of range of long");
        check("long", null, "1e-999999999", "! has a fraction, which long does not keep");
        check("long", null, "1e99999999999999999999999", "! out of range of long");
        check("long", null, "[]", "! expected long, found array");
    }

    @Test
    void floatingPoint() {
        check("double", null, "0.1", 0.1);
        check("double", null, "-0", -0.0);
        check("double", null, "9007199254740993", 9007199254740992.0);
        check("double", null, "1.7976931348623157e308", Double.MAX_VALUE);
        check("double", null, "1.7976931348623159e308", "! out of range of double");
        check("double", null, "1e400", "! out of range of double");
        check("double", null, "5e-324", Double.MIN_VALUE);
        check("double", null, "1e-400", 0.0);
        check("double", null, "123456789012345678901234567890", 1.2345678901234568e29);
        check("float", null, "0.1", 0.1f);
        check("float", null, "3.4028235e38", Float.MAX_VALUE);
        check("float", null, "3.4028236e38", "! out of range of float");
        // The nearest double of this lies halfway between two floats: rounding twice would go to the even, lower one.
        check("float", null, "1.00000017881393432617187499", 1.0000001f);
        check("float", null, "1.00000017881393432617187501", 1.0000002f);
        check("double", null, "\"NaN\"", "! expected double, found string");
    }

    @Test
    void decimals() {
        check("decimal(9,2)", null, "1.20", new BigDecimal("1.20"));
        check("decimal(9,1)", null, "1.20", new BigDecimal("1.2"));
        check("decimal(9,1)", null, "1.23", "! more digits after the point than decimal(9,1) keeps");
        check("decimal(4,2)", null, "99.99", new BigDecimal("99.99"));
        check("decimal(4,2)", null, "100", "! out of range of decimal(4,2)");
        check("decimal(4,2)", null, "-99.990000000000000000000000", new BigDecimal("-99.99"));
        check("decimal(4,2)", null, "1e999999999", "! out of range of decimal(4,2)");
        check("decimal(18,0)", null, "999999999999999999", new BigDecimal("999999999999999999"));
        check("decimal(18,0)", null, "1000000000000000000", "! out of range of decimal(18,0)");
        check("decimal(18,18)", null, "1", "! out of range of decimal(18,18)");
        check("decimal(38,0)", null, "9".repeat(38), new BigDecimal("9".repeat(38)));
        check("decimal(38,0)", null, "1" + "0".repeat(38), "! out of range of decimal(38,0)");
        check("decimal(38,38)", null, "1e-38", new BigDecimal("1e-38"));
        check("decimal(38,38)", null, "1e-39", "! more digits after the point than decimal(38,38) keeps");
        check("decimal(38,10)", null, "-0.0", new BigDecimal("0E-10"));
    }

    @Test
    void numbersThatAreNoNumbers() {
        for (String number : List.of("01", "-", "1.", "1e", "1e+", "-a")) {
            assertThat(Decoded.of("{\"v\":" + number + "}", Samples.column("v", "double"))
                            .rejection()
                            .reason())
                    .as(number)
                    .startsWith("malformed JSON at byte ");
        }
        for (String number : List.of("+1", ".5", "NaN", "Infinity", "0x1")) {
            assertThat(Decoded.of("{\"other\":" + number + "}", Samples.column("v", "double"))
                            .rejection()
                            .reason())
                    .as(number)
                    .startsWith("malformed JSON at byte ");
        }
    }

    @Test
    void dates() {
        check("date", null, "\"2020-02-29\"", LocalDate.of(2020, 2, 29));
        check("date", null, "\"1900-02-29\"", "! no such day in the calendar");
        check("date", null, "\"2021-13-01\"", "! no such day in the calendar");
        check("date", null, "\"0001-01-01\"", LocalDate.of(1, 1, 1));
        check("date", null, "\"0000-12-31\"", "! outside the years 0001 to 9999");
        check("date", null, "\"9999-12-31\"", LocalDate.of(9999, 12, 31));
        check("date", null, "\"2021-07-21T06:00:00Z\"", "! expected a date such as 2021-07-21");
        check("date", null, "\"2021-7-21\"", "! expected a date such as 2021-07-21");
        check("date", null, "18829", "! expected date, found number");
        check("date", "dd/MM/uuuu", "\"29/02/2020\"", LocalDate.of(2020, 2, 29));
        check("date", "dd/MM/uuuu", "\"29/02/2021\"", "! does not match the column's format");
        check("date", "epoch-seconds", "-1", LocalDate.of(1969, 12, 31));
    }

    @Test
    void instants() {
        Instant six = Instant.parse("2021-07-21T06:00:00Z");
        check("timestamptz", null, "\"2021-07-21T06:00:00Z\"", six);
        check("timestamptz", null, "\"2021-07-21T06:00Z\"", six);
        check("timestamptz", null, "\"2021-07-21T08:00:00+02:00\"", six);
        check("timestamptz", null, "\"2021-07-21T08:00:00+0200\"", six);
        check("timestamptz", null, "\"2021-07-20T22:00:00-08\"", six);
        check("timestamptz", null, "\"\\u0032021-07-21T06:00:00Z\"", six);
        check("timestamptz", null, "\"2021-07-21T06:00:00.0000010000Z\"", six.plusNanos(1000));
        check("timestamptz", null, "\"2021-07-21T06:00:00.0000001Z\"", "! finer than a microsecond");
        String wanted = "! has no offset such as Z or +02:00, which timestamptz needs";
        check("timestamptz", null, "\"2021-07-21T06:00:00\"", wanted);
        String noTime = "! no such time of day (hours go to 23, minutes and seconds to 59)";
        check("timestamptz", null, "\"2021-07-21T24:00:00Z\"", noTime);
        check("timestamptz", null, "\"2016-12-31T23:59:60Z\"", noTime);
        String noOffset = "! expected a time with an offset such as 2021-07-21T06:00:00Z";
        check("timestamptz", null, "\"2021-07-21T06:00:00+18:01\"", noOffset);
        check("timestamptz", null, "\"2021-07-21T06:00:00.Z\"", noOffset);
        check("timestamptz", null, "\"2021-07-21 06:00:00Z\"", noOffset);
        check("timestamptz", null, "\"0001-01-01T00:00:00+00:01\"", "! outside the years 0001 to 9999");
        check("timestamptz", null, "\"9999-12-31T23:59:59-00:01\"", "! outside the years 0001 to 9999");
        check("timestamptz", "epoch-seconds", "1626847200", six);
        check("timestamptz", "epoch-seconds", "1626847200.000001", six.plusNanos(1000));
        check("timestamptz", "epoch-seconds", "1626847200.0000001", "! finer than a microsecond");
        check("timestamptz", "epoch-seconds", "253402300800", "! outside the years 0001 to 9999");
        check("timestamptz", "epoch-seconds", "1e30", "! outside the years 0001 to 9999");
        check("timestamptz", "epoch-seconds", "\"1626847200\"", "! expected timestamptz, found string");
        check("timestamptz", "epoch-millis", "1626847200000", six);
        check("timestamptz", "epoch-micros", "1626847200000001", six.plusNanos(1000));
        check("timestamptz", "epoch-micros", "1626847200000000.1", "! finer than a microsecond");
        check("timestamptz", "epoch-nanos", "1626847200000001000", six.plusNanos(1000));
        check("timestamptz", "epoch-nanos", "1626847200000001001", "! finer than a microsecond");
        check("timestamptz", "epoch-nanos", "-1000", Instant.EPOCH.minusNanos(1000));
        check("timestamptz", "epoch-micros", "9223372036825200000", "! outside the years 0001 to 9999");
        check("timestamptz", "uuuu-MM-dd HH:mm:ss XXX", "\"2021-07-21 08:00:00 +02:00\"", six);
        check("timestamptz", "uuuu-MM-dd HH:mm:ss VV", "\"2021-07-21 08:00:00 Europe/Berlin\"", six);
        String moved = "! a time that its zone has not or twice, as clocks are moved; add the offset";
        check("timestamptz", "uuuu-MM-dd HH:mm:ss VV", "\"2021-03-28 02:30:00 Europe/Berlin\"", moved);
        check("timestamptz", "uuuu-MM-dd HH:mm:ss VV", "\"2021-10-31 02:30:00 Europe/Berlin\"", moved);
        check("timestamptz", "uuuu-MM-dd HH:mm:ss", "\"2021-07-21 06:00:00\"", wanted);
    }

    @Test
    void wallClockTimes() {
        LocalDateTime six = LocalDateTime.of(2021, 7, 21, 6, 0);
        check("timestamp", null, "\"2021-07-21T06:00:00\"", six);
        check("timestamp", null, "\"2021-07-21T06:00\"", six);
        check("timestamp", null, "\"2021-07-21T06:00:00Z\"", "! has an offset, which timestamp does not keep");
        check("timestamp", null, "\"2021-07-21T06:00:00-01:00\"", "! has an offset, which timestamp does not keep");
        check("timestamp", "epoch-millis", "1626847200000.001", six.plusNanos(1000));
        check("timestamp", "dd.MM.uuuu HH:mm", "\"21.07.2021 06:00\"", six);
        check(
                "timestamp",
                "uuuu-MM-dd'T'HH:mmX",
                "\"2021-07-21T06:00Z\"",
                "! has an offset, which timestamp does not keep");
    }

    @Test
    void texts() {
        check("string", null, "\"a\\u00e9\\ud83d\\ude00\\n\\/\"", "aé😀\n/");
        check("string", null, "\"\\u0000\"", "\0");
        check("string", null, "5", "! expected string, found number");
        check("string", "json", "{ \"a\" : [1.50, null] }", "{ \"a\" : [1.50, null] }");
        check("string", "json", "\"a\\n\"", "\"a\\n\"");
        check("string", "json", "null", null);
        check("boolean", null, "true", true);
        check("boolean", null, "0", "! expected boolean, found number");
        check("uuid", null, "\"123E4567-e89b-12d3-a456-42661417400F\"", "123e4567-e89b-12d3-a456-42661417400f");
        String noUuid = "! expected a uuid such as 123e4567-e89b-12d3-a456-426614174000";
        check("uuid", null, "\"123e4567e89b12d3a456426614174000\"", noUuid);
        check("uuid", null, "\"1-1-1-1-1\"", noUuid);
        check("binary", null, "\"Zmlybg==\"", "x'6669726e'");
        check("binary", null, "\"Zmlybg\"", "! expected base64, in groups of four characters");
        check("binary", null, "\"Zmlybh==\"", "! expected base64, with zero bits before the padding");
        check("binary", null, "\"Zm_y\"", "! expected base64");
        check("binary", "hex", "\"00fF\"", "x'00ff'");
        check("binary", "hex", "\"0\"", "! expected hex, two digits for each byte");
        check("binary", "hex", "\"0g\"", "! expected hex");
        check("fixed[2]", "hex", "\"00ff\"", "x'00ff'");
        check("fixed[2]", "hex", "\"00ff00\"", "! expected 2 bytes, found 3");
    }

    @Test
    void nested() {
        check("list<int>", null, "[1,null,3]", Arrays.asList(1, null, 3));
        check("list<int>", null, "[]", List.of());
        check("list<int>", null, "{}", "! expected array, found object");
        check("list<list<date>>", null, "[[\"2021-07-21\"]]", List.of(List.of(LocalDate.of(2021, 7, 21))));
        check("map<string, long>", null, "{\"a\":1,\"\\u0062\":2}", Map.of("a", 1L, "b", 2L));
        check("map<string, long>", null, "[]", "! expected object, found array");
        check("struct<a: int, b: struct<c: string>>", null, "{\"b\":{\"c\":\"x\"}}", Arrays.asList(null, List.of("x")));
        check("struct<a: int>", null, "\"x\"", "! expected object, found string");
        check("list<timestamptz>", "epoch-seconds", "[0]", List.of(Instant.EPOCH));
        check("list<string>", "json", "[{\"a\": 1}, 2]", List.of("{\"a\": 1}", "2"));
    }

    @Test
    void rejectionsNameThePlace() {
        Column list = Samples.column("commits", "list<struct<sha: string not null, n: int>>", "payload.commits", null);
        assertRejected("{\"payload\":{\"commits\":[{\"n\":1}]}}", list, "commits[].sha", "required, but missing");
        assertRejected("{\"payload\":{\"commits\":[{\"sha\":null}]}}", list, "commits[].sha", "required, but null");
        assertRejected(
                "{\"payload\":{\"commits\":[{\"sha\":\"a\",\"n\":\"x\"}]}}",
                list,
                "commits[].n",
                "expected int, found string");
        Column size = Samples.required(Samples.column("size", "int", "payload.size", null));
        assertRejected("{\"payload\":\"text\"}", size, "size", "expected object at payload, found string");
        assertRejected("{\"payload\":[]}", size, "size", "expected object at payload, found array");
        assertRejected("{\"payload\":null}", size, "size", "required, but missing");
        assertRejected("{}", size, "size", "required, but missing");
        assertRejected("{\"payload\":{\"size\":null}}", size, "size", "required, but null");
        assertRejected(
                "{\"m\":{\"k\":[true]}}",
                Samples.column("m", "map<string, list<int>>"),
                "m.*[]",
                "expected int, found boolean");
    }

    @Test
    void anAbsentParentMakesNull() {
        Column size = Samples.column("size", "int", "payload.size", null);
        assertThat(Decoded.of("{}", size).outcome()).isNull();
        assertThat(Decoded.of("{\"payload\":null}", size).rejection()).isNull();
        assertThat(Decoded.of("{\"payload\":null}", size).outcome()).isNull();
    }

    @Test
    void columnsShareAPath() {
        Decoded decoded = Decoded.of(
                "{\"p\":{\"a\":{\"b\":5}}}",
                Samples.column("whole", "string", "p", "json"),
                Samples.column("a", "struct<b: long>", "p.a", null),
                Samples.column("b", "int", "p.a.b", null),
                Samples.column("again", "decimal(5,1)", "p.a.b", null));
        assertThat(decoded.values()).containsExactly("{\"a\":{\"b\":5}}", List.of(5L), 5, new BigDecimal("5.0"));
    }

    private static void check(String type, String format, String json, Object outcome) {
        Column column = Samples.column("v", type, "v", format);
        byte[] line = Samples.utf8("{\"v\":" + json + "}");
        assertThat(Decoded.of(line, column).outcome()).as(type + " " + json).isEqualTo(outcome);
        if (outcome instanceof String text && text.startsWith("! ")) {
            // Zones that skip or repeat a time are beyond the reference parser.
            assertThat(text.contains("clocks")
                            || ReferenceParser.parse(line, List.of(column)).isEmpty())
                    .as("rejected by the reference parser: " + json)
                    .isTrue();
        } else {
            assertThat(ReferenceParser.parse(line, List.of(column))
                            .orElseThrow()
                            .get(0))
                    .isEqualTo(outcome);
        }
    }

    private static void assertRejected(String line, Column column, String where, String reason) {
        Decoded decoded = Decoded.of(line, column);
        assertThat(decoded.rejection()).isNotNull();
        assertThat(decoded.rejection().column()).isEqualTo(where);
        assertThat(decoded.rejection().reason()).isEqualTo(reason);
    }
}
