package io.firn.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.List;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firn.schema.ColumnType;

/** Every cast on its boundaries: the exact value, or the reason why there is none. */
final class CastTest {
    @ParameterizedTest
    @CsvSource({
        "int, 0, 0",
        "int, -0, 0",
        "int, 2147483647, 2147483647",
        "int, -2147483648, -2147483648",
        "int, 3.0, 3",
        "int, 1e3, 1000",
        "int, 120e-1, 12",
        "int, 0e99, 0",
        "long, 9223372036854775807, 9223372036854775807",
        "long, -999999999999999999, -999999999999999999",
        "long, 1000000000000000000, 1000000000000000000",
        "long, -0, 0",
        "long, -9223372036854775808, -9223372036854775808",
        "'decimal(10,2)', 1.2, 1.20",
        "'decimal(10,2)', 1.2300, 1.23",
        "'decimal(10,2)', -99999999.99, -99999999.99",
        "'decimal(10,2)', 1e-2, 0.01",
        "'decimal(38,0)', 1e37, 10000000000000000000000000000000000000",
        "'decimal(2,2)', 0.99, 0.99",
        "'decimal(2,2)', 0, 0.00",
        "double, 0.1, 0.1",
        "double, 1e-400, 0.0",
        "double, 123456789012345678901234567890, 1.2345678901234568E29",
        "float, 0.1, 0.1",
        "boolean, true, true",
        "boolean, false, false",
        "date, 2020-02-29, 2020-02-29",
        "date, 0001-01-01, 0001-01-01",
        "timestamp, 2021-07-21T10:00:00, 2021-07-21T10:00",
        "timestamp, 2021-07-21T10:00:00.123456, 2021-07-21T10:00:00.123456",
        "timestamp, 2021-07-21T10:00:00.123456000, 2021-07-21T10:00:00.123456",
        "timestamp, 1900-01-01T00:00:00.000001, 1900-01-01T00:00:00.000001",
        "timestamptz, 2021-07-21T10:00:00Z, 2021-07-21T10:00:00Z",
        "timestamptz, 2021-07-21T10:00:00+02:00, 2021-07-21T08:00:00Z",
        "timestamptz, 1969-12-31T23:59:59.999999Z, 1969-12-31T23:59:59.999999Z",
        "uuid, 2AF01E0C-0000-4000-8000-00000000000F, 2af01e0c-0000-4000-8000-00000000000f",
    })
    void textThatIsExactlyAValue(String type, String text, String value) {
        assertThat(cast("string", type, text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
        "int, 2147483648, a number out of its range",
        "int, -2147483649, a number out of its range",
        "long, 9223372036854775808, a number out of its range",
        "long, 1e999999999, a number out of its range",
        "long, 1e99999999999999, a number out of its range",
        "int, 3.5, a fraction",
        "long, 1e-1, a fraction",
        "long, -, text that is not a number",
        "long, -01, text that is not a number",
        "long, 00, text that is not a number",
        "long, 12a, text that is not a number",
        "long, '', text that is not a number",
        "int, ' 3', text that is not a number",
        "int, '3 ', text that is not a number",
        "int, +3, text that is not a number",
        "int, 007, text that is not a number",
        "int, 0x10, text that is not a number",
        "int, '1,000', text that is not a number",
        "int, 3L, text that is not a number",
        "int, '', text that is not a number",
        "int, '٣', text that is not a number",
        "double, NaN, text that is not a number",
        "double, Infinity, text that is not a number",
        "double, 1d, text that is not a number",
        "double, .5, text that is not a number",
        "double, 5., text that is not a number",
        "double, 1e400, a number out of its range",
        "float, 1e39, a number out of its range",
        "'decimal(10,2)', 1.239, more digits after the point",
        "'decimal(10,2)', 100000000, a number out of its range",
        "'decimal(10,2)', 1e99999999, a number out of its range",
        "boolean, TRUE, text that is neither true nor false",
        "boolean, 1, text that is neither true nor false",
        "date, 2021-02-29, text that is not a date such as 2021-07-21",
        "date, 2021-7-21, text that is not a date such as 2021-07-21",
        "date, 0000-01-01, text that is not a date such as 2021-07-21",
        "date, +12021-01-01, text that is not a date such as 2021-07-21",
        "date, 2021-07-21T00:00:00, text that is not a date such as 2021-07-21",
        "uuid, 2af01e0c-0000-4000-8000-0000000000, text that is none",
        "uuid, zaf01e0c-0000-4000-8000-00000000000f, text that is none",
    })
    void textThatIsNoValueIsRefusedWithoutQuotingIt(String type, String text, String found) {
        assertThat(cast("string", type, text)).isEqualTo("expected " + type + ", found " + found);
    }

    @ParameterizedTest
    @CsvSource({
        "timestamp, 2021-07-21T10:00:00Z",
        "timestamp, 2021-07-21 10:00:00",
        "timestamp, 2021-07-21T24:00:00",
        "timestamp, 2021-07-21T10:00:60",
        "timestamp, 2021-07-21T10:00:00.1234567",
        "timestamptz, 2021-07-21T10:00:00",
        "timestamptz, 10000-01-01T00:00:00Z",
        "timestamptz, 2021-07-21",
        "timestamptz, now",
    })
    void timesAreStrict(String type, String text) {
        assertThat(cast("string", type, text)).startsWith("expected " + type + ", found text that is not an ISO time");
    }

    @Test
    void longTextsAreNotParsedAtAll() {
        assertThat(cast("string", "long", "1".repeat(2_000_000)))
                .isEqualTo("expected long, found text that is not a number");
    }

    @Test
    void numbersBecomeOtherNumbersOnlyWithoutLoss() {
        assertThat(cast("long", "int", 2147483647L)).isEqualTo("2147483647");
        assertThat(cast("long", "int", 2147483648L)).isEqualTo("expected int, found a number out of its range");
        assertThat(cast("int", "long", -7)).isEqualTo("-7");
        assertThat(cast("long", "double", 1L << 53)).isEqualTo("9.007199254740992E15");
        assertThat(cast("long", "double", (1L << 53) + 1))
                .isEqualTo("expected double, found a number that it cannot hold exactly");
        assertThat(cast("long", "double", Long.MAX_VALUE))
                .isEqualTo("expected double, found a number that it cannot hold exactly");
        assertThat(cast("int", "float", 16777217))
                .isEqualTo("expected float, found a number that it cannot hold exactly");
        assertThat(cast("double", "int", 3.0)).isEqualTo("3");
        assertThat(cast("double", "int", 3.5)).isEqualTo("expected int, found a fraction");
        assertThat(cast("double", "long", 9.3e18)).isEqualTo("expected long, found a number out of its range");
        assertThat(cast("double", "long", 0x1p60)).isEqualTo("1152921504606846976");
        assertThat(cast("double", "long", Double.NaN)).isEqualTo("expected long, found infinity or NaN");
        assertThat(cast("double", "float", 0.5)).isEqualTo("0.5");
        assertThat(cast("double", "float", 0.1))
                .isEqualTo("expected float, found a number that it cannot hold exactly");
        assertThat(cast("float", "double", 0.5f)).isEqualTo("0.5");
        assertThat(cast("double", "decimal(10,2)", 0.1)).isEqualTo("0.10");
        assertThat(cast("float", "decimal(10,2)", 0.1f)).isEqualTo("0.10");
        assertThat(cast("double", "decimal(10,2)", 0.125))
                .isEqualTo("expected decimal(10,2), found more digits after the point");
    }

    @Test
    void decimalsBecomeOtherNumbersOnlyWithoutLoss() {
        assertThat(cast("decimal(10,2)", "int", new BigDecimal("7.00"))).isEqualTo("7");
        assertThat(cast("decimal(10,2)", "int", new BigDecimal("7.01"))).isEqualTo("expected int, found a fraction");
        assertThat(cast("decimal(10,2)", "double", new BigDecimal("0.10"))).isEqualTo("0.1");
        assertThat(cast("decimal(38,18)", "double", new BigDecimal("0.123456789012345678")))
                .isEqualTo("expected double, found a number that it cannot hold exactly");
        assertThat(cast("decimal(10,2)", "decimal(5,1)", new BigDecimal("1.20")))
                .isEqualTo("1.2");
        assertThat(cast("decimal(10,2)", "decimal(5,1)", new BigDecimal("1.23")))
                .isEqualTo("expected decimal(5,1), found more digits after the point");
    }

    @Test
    void valuesBecomeCanonicalText() {
        assertThat(cast("int", "string", -5)).isEqualTo("-5");
        assertThat(cast("boolean", "string", true)).isEqualTo("true");
        assertThat(cast("decimal(38,10)", "string", new BigDecimal("1E-10"))).isEqualTo("0.0000000001");
        assertThat(cast("double", "string", 0.1)).isEqualTo("0.1");
        assertThat(cast("date", "string", LocalDate.parse("0001-01-01"))).isEqualTo("0001-01-01");
        assertThat(cast("timestamp", "string", LocalDateTime.parse("2021-07-21T10:00")))
                .isEqualTo("2021-07-21T10:00:00");
        assertThat(cast("timestamptz", "string", Instant.parse("1969-12-31T23:59:59.5Z")))
                .isEqualTo("1969-12-31T23:59:59.5Z");
        assertThat(cast("uuid", "string", "2af01e0c")).isEqualTo("2af01e0c");
    }

    @Test
    void timesBecomeTheirDayAndDaysTheirMidnight() {
        assertThat(cast("timestamptz", "date", Instant.parse("1969-12-31T23:59:59Z")))
                .isEqualTo("1969-12-31");
        assertThat(cast("timestamp", "date", LocalDateTime.parse("2021-07-21T23:59:59")))
                .isEqualTo("2021-07-21");
        assertThat(cast("date", "timestamp", LocalDate.parse("2021-07-21"))).isEqualTo("2021-07-21T00:00");
    }

    /** The value as text, or the reason. */
    private static String cast(String from, String to, Object value) {
        ColumnType source = ColumnType.parse(from);
        ColumnType target = ColumnType.parse(to);
        assertThat(CastMatrix.refusal(source, target)).isNull();
        InternalRow in = Rows.internal(new StructType().add("c", source.toSpark()), value);
        StructType schema = new StructType().add("c", target.toSpark());
        SpecificInternalRow out = new SpecificInternalRow(schema);
        String reason = Conversion.of(source, target).apply(in, 0, out);
        return reason != null ? reason : java8(schema, out).toString();
    }

    private static Object java8(StructType schema, InternalRow row) {
        Row external = Rows.external(schema, row);
        Object value = external.get(0);
        if (value instanceof java.sql.Timestamp timestamp) {
            return timestamp.toInstant();
        }
        return value;
    }

    @Test
    void everyCastTheMatrixAllowsExists() {
        List<String> types = List.of(
                "boolean",
                "int",
                "long",
                "float",
                "double",
                "decimal(10,2)",
                "date",
                "timestamp",
                "timestamptz",
                "string",
                "uuid",
                "binary",
                "fixed[4]");
        int casts = 0;
        for (String from : types) {
            for (String to : types) {
                ColumnType source = ColumnType.parse(from);
                ColumnType target = ColumnType.parse(to);
                if (CastMatrix.refusal(source, target) == null) {
                    assertThat(Conversion.of(source, target)).isNotNull();
                    casts++;
                }
            }
        }
        assertThat(casts).isEqualTo(58);
    }
}
