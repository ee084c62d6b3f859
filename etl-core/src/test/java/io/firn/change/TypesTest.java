package io.firn.change;

import static io.firn.change.Recorded.changes;
import static io.firn.change.Recorded.column;
import static io.firn.change.Recorded.decoded;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.change.Message.Refused;
import io.firn.schema.Column;
import io.firn.schema.Rejection;

/** Rows of every type, as the databases held them. */
class TypesTest {
    private static final String UUID = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";

    private static List<Column> fromSchema(String file) {
        KafkaRecord first = Recorded.messages(file).get(0);
        return MessageColumns.of(first.key(), first.value()).columns();
    }

    private static Map<String, Object> row(String file, List<Column> columns, long id) {
        Change found = changes(decoded(file, columns, List.of("id"))).stream()
                .filter(c -> c.key().values().get(0).toString().equals(Long.toString(id)))
                .findFirst()
                .orElseThrow();
        Map<String, Object> row = new LinkedHashMap<>();
        List<Object> values = Recorded.values(found.row(), columns);
        for (int i = 0; i < columns.size(); i++) {
            row.put(columns.get(i).name(), values.get(i));
        }
        return row;
    }

    private static Rejection refused(String file, List<Column> columns, long id) {
        String key = "\"id\":" + id + "}";
        List<KafkaRecord> records = Recorded.messages(file);
        List<Message> messages = decoded(file, columns, List.of("id"));
        for (int i = 0; i < records.size(); i++) {
            if (new String(records.get(i).key(), java.nio.charset.StandardCharsets.UTF_8).contains(key)) {
                return ((Refused) messages.get(i)).rejection();
            }
        }
        throw new AssertionError("no message for " + id);
    }

    @Test
    void columnsOfPostgresqlComeFromTheMessage() {
        Map<String, String> types = fromSchema("pgs-types").stream()
                .collect(Collectors.toMap(Column::name, c -> c.type().text()));

        assertThat(types)
                .containsEntry("id", "int")
                .containsEntry("c_int8", "long")
                .containsEntry("c_oid", "long")
                .containsEntry("c_real", "float")
                .containsEntry("c_num", "string")
                .containsEntry("c_num102", "decimal(10,2)")
                .containsEntry("c_num380", "decimal(38,0)")
                .containsEntry("c_num5018", "string")
                .containsEntry("c_numneg", "string")
                .containsEntry("c_money", "decimal(38,2)")
                .containsEntry("c_bytea", "binary")
                .containsEntry("c_date", "date")
                .containsEntry("c_time", "long")
                .containsEntry("c_ts", "timestamp")
                .containsEntry("c_tstz", "timestamptz")
                .containsEntry("c_uuid", "uuid")
                .containsEntry("c_point", "struct<x: double not null, y: double not null, wkb: binary, srid: int>")
                .containsEntry("a_num", "list<decimal(10,2)>")
                .containsEntry("a_ts", "list<timestamp>")
                .containsEntry("a_bytea", "list<binary>")
                .hasSize(62);
    }

    @Test
    void aNormalRowOfPostgresqlIsExact() {
        assertThat(row("pgs-types", fromSchema("pgs-types"), 2))
                .containsEntry("c_bool", true)
                .containsEntry("c_int2", 1)
                .containsEntry("c_int8", 3L)
                .containsEntry("c_real", 1.5f)
                .containsEntry("c_dbl", 2.25)
                .containsEntry("c_num", "123.456")
                .containsEntry("c_num102", new BigDecimal("12.30"))
                .containsEntry("c_num380", new BigDecimal("12345678901234567890123456789012345678"))
                .containsEntry("c_num5018", "12345678901234567890123456789012.123456789012345678")
                .containsEntry("c_numneg", "12300")
                .containsEntry("c_money", new BigDecimal("1234.56"))
                .containsEntry("c_char5", "ab   ")
                .containsEntry("c_bytea", "x'deadbeef'")
                .containsEntry("c_date", LocalDate.parse("2026-03-01"))
                .containsEntry("c_time", 47_655_123_456L)
                .containsEntry("c_time3", 47_655_123_000L)
                .containsEntry("c_timetz", "11:14:15.123456Z")
                .containsEntry("c_ts", LocalDateTime.parse("2026-03-01T13:14:15.123456"))
                .containsEntry("c_ts0", LocalDateTime.parse("2026-03-01T13:14:15"))
                .containsEntry("c_tstz", Instant.parse("2026-03-01T11:14:15.123456Z"))
                .containsEntry("c_interval", 37_091_106_789_000L)
                .containsEntry("c_uuid", UUID)
                .containsEntry("c_json", "{\"a\": 1,  \"b\":[1,2,{\"c\":null}], \"a\":2}")
                .containsEntry("c_enum", "happy")
                .containsEntry("c_hstore", "{\"a\":\"1\",\"b c\":null}")
                .containsEntry("c_bit1", true)
                .containsEntry("c_bit8", "x'aa'")
                .containsEntry(
                        "c_point", Arrays.asList(1.5, -2.0, "x'0101000000000000000000f83f00000000000000c0'", null))
                .containsEntry("c_price", new BigDecimal("9.99"))
                .containsEntry("a_int", Arrays.asList(1, 2, null))
                .containsEntry("a_text", Arrays.asList("a", "b,c", null, ""))
                .containsEntry("a_num", Arrays.asList(new BigDecimal("1.10"), null))
                .containsEntry("a_ts", List.of(LocalDateTime.parse("2026-03-01T13:14:15.123456")))
                .containsEntry("a_date", List.of(LocalDate.parse("2026-03-01")))
                .containsEntry("a_uuid", List.of(UUID))
                .containsEntry("a_enum", List.of("sad", "ok"))
                .containsEntry("a_bool", Arrays.asList(true, false, null))
                .containsEntry("a_jsonb", List.of("{\"a\": 1}", "null"))
                .containsEntry("a_bytea", List.of("x'01'"));
    }

    @Test
    void theEndsOfPostgresqlsRangesAreExact() {
        List<Column> columns = fromSchema("pgs-types");

        assertThat(row("pgs-types", columns, 4))
                .containsEntry("c_int2", -32_768)
                .containsEntry("c_int4", Integer.MIN_VALUE)
                .containsEntry("c_int8", Long.MIN_VALUE)
                .containsEntry("c_num", "-0.000000000000000000001")
                .containsEntry("c_num102", new BigDecimal("-99999999.99"))
                .containsEntry("c_numneg", "-99900")
                .containsEntry("c_money", new BigDecimal("-92233720368547758.08"))
                .containsEntry("c_text", "")
                .containsEntry("c_bytea", "x''")
                .containsEntry("c_date", LocalDate.parse("0001-01-01"))
                .containsEntry("c_ts", LocalDateTime.parse("0001-01-01T00:00:00"))
                .containsEntry("a_int", List.of());
        assertThat(row("pgs-types", columns, 5))
                .containsEntry("c_int8", Long.MAX_VALUE)
                .containsEntry("c_oid", 4_294_967_295L)
                .containsEntry("c_num", "123456789012345678901234567890123456789012345678901234567890.5")
                .containsEntry("c_num380", new BigDecimal("99999999999999999999999999999999999999"))
                .containsEntry("c_numneg", "99900")
                .containsEntry("c_time", 86_400_000_000L)
                .containsEntry("c_date", LocalDate.parse("9999-12-31"))
                .containsEntry("c_ts", LocalDateTime.parse("9999-12-31T23:59:59.999999"))
                .containsEntry("c_tstz", Instant.parse("9999-12-31T23:59:59.999999Z"));
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 4, 5})
    void decimalsOfAnySizeAreWrittenAsTheDatabaseWritesThem(long id) {
        List<Column> columns = List.of(column("id", "int"), column("c_num", "string"), column("c_num5018", "string"));

        assertThat(row("pgs-types", columns, id)).isEqualTo(row("pgd-types", columns, id));
    }

    @Test
    void floatsKeepWhatIsNoNumber() {
        List<Column> columns = fromSchema("pgs-types");

        assertThat(row("pgs-types", columns, 6))
                .containsEntry("c_real", Float.NaN)
                .containsEntry("c_dbl", Double.NaN);
        assertThat(row("pgs-types", columns, 7))
                .containsEntry("c_real", Float.POSITIVE_INFINITY)
                .containsEntry("c_dbl", Double.NEGATIVE_INFINITY);
    }

    @ParameterizedTest
    @CsvSource({"pgs, 9", "pgs, 10", "pgs, 11", "pgf, 9", "pgf, 11"})
    void infinitiesAndFarYearsAreRefusedByName(String connector, long id) {
        List<Column> columns = List.of(column("id", "int"), column("c_date", "date"));

        assertThat(refused(connector + "-types", columns, id))
                .isEqualTo(new Rejection("c_date", "outside the years 0001 to 9999"));
    }

    @Test
    void infiniteTimesAreRefusedByName() {
        assertThat(refused("pgs-types", List.of(column("id", "int"), column("c_ts", "timestamp")), 9))
                .isEqualTo(new Rejection("c_ts", "outside the years 0001 to 9999"));
        assertThat(refused("pgs-types", List.of(column("id", "int"), column("c_tstz", "timestamptz")), 11)
                        .column())
                .isEqualTo("c_tstz");
    }

    @Test
    void nullsAreNull() {
        List<Column> columns = fromSchema("pgs-types");

        Map<String, Object> row = row("pgs-types", columns, 3);

        assertThat(row.remove("id")).isEqualTo(3);
        assertThat(row.values()).containsOnlyNulls();
    }

    private static List<Column> postgresql(String connector) {
        boolean epochs = !connector.equals("pgd");
        String times = connector.equals("pgf") ? "epoch-millis" : null;
        List<Column> columns = new ArrayList<>(List.of(
                column("id", "int"),
                column("c_bool", "boolean"),
                column("c_int8", "long"),
                column("c_real", "float"),
                column("c_money", "decimal(19,2)", connector.equals("pgn") ? "base64" : "json"),
                column("c_num102", "decimal(10,2)", connector.equals("pgn") ? "base64" : "json"),
                column("c_char5", "string"),
                column("c_bytea", "binary"),
                column("c_date", "date"),
                column("c_tstz", "timestamptz"),
                column("c_uuid", "uuid"),
                column("c_jsonb", "string"),
                column("c_enum", "string"),
                column("a_int", "list<int>"),
                column("a_text", "list<string>"),
                column("a_date", "list<date>"),
                column("a_bool", "list<boolean>")));
        columns.add(epochs && times != null ? column("c_ts3", "timestamp", times) : column("c_ts3", "timestamp"));
        return columns;
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgd", "pgf"})
    void otherSettingsGiveTheSameRow(String connector) {
        List<Column> columns = postgresql(connector);

        assertThat(row(connector + "-types", columns, 2)).isEqualTo(row("pgs-types", postgresql("pgs"), 2));
    }

    @Test
    void withoutSchemaTheDefaultsGiveTheSameRow() {
        List<Column> columns = new ArrayList<>(postgresql("pgn"));
        columns.set(columns.size() - 1, column("c_ts3", "timestamp", "epoch-millis"));
        columns.add(column("c_ts", "timestamp", "epoch-micros"));
        columns.add(column("c_num", "decimal(38,3)"));
        List<Column> described = new ArrayList<>(postgresql("pgs"));
        described.add(column("c_ts", "timestamp"));
        described.add(column("c_num", "decimal(38,3)"));

        assertThat(row("pgn-types", columns, 2)).isEqualTo(row("pgs-types", described, 2));
    }

    @Test
    void withoutSchemaNumbersThatMayMeanTwoThingsAreRefused() {
        assertThat(refused("pgn-types", List.of(column("id", "int"), column("c_ts", "timestamp")), 2))
                .isEqualTo(new Rejection("c_ts", "expected timestamp, found number"));
        assertThat(refused("pgn-types", List.of(column("id", "int"), column("c_num102", "decimal(10,2)")), 2))
                .isEqualTo(new Rejection("c_num102", "text that is no number; if it is base64, say format: base64"));
    }

    @Test
    void aColumnThatCannotHoldItsSourceIsRefusedByName() {
        assertThat(refused("pgs-types", List.of(column("id", "int"), column("c_ts", "timestamptz")), 2))
                .isEqualTo(new Rejection(
                        "c_ts",
                        "the source's int64 (io.debezium.time.MicroTimestamp) cannot be held by timestamptz exactly"));
        assertThat(refused("pgs-types", List.of(column("id", "int"), column("c_num102", "decimal(10,1)")), 5))
                .isEqualTo(new Rejection("c_num102", "more digits after the point than decimal(10,1) keeps"));
        assertThat(refused("pgs-types", List.of(column("id", "int"), column("c_dbl", "float")), 2))
                .isEqualTo(new Rejection("c_dbl", "the source's double cannot be held by float exactly"));
    }

    @Test
    void aNormalRowOfMariadbIsExact() {
        List<Column> columns = fromSchema("mas-types").stream()
                .filter(c -> !c.name().equals("c_enum"))
                .toList();

        assertThat(row("mas-types", columns, 2))
                .containsEntry("c_bool", 1)
                .containsEntry("c_bit1", true)
                .containsEntry("c_utiny", 200)
                .containsEntry("c_uint", 4_000_000_000L)
                .containsEntry("c_dec", new BigDecimal("12.30"))
                .containsEntry("c_dec650", "12345678901234567890123456789012345678901234567890123456789012345")
                .containsEntry("c_dec6530", "12345678901234567890123456789012345.123456789012345678901234567890")
                .containsEntry("c_text", "téxt 😀")
                .containsEntry("c_bin", "x'deadbeef'")
                .containsEntry("c_blob", "x'00ff'")
                .containsEntry("c_date", LocalDate.parse("2026-03-01"))
                .containsEntry("c_time6", -3_020_399_000_000L)
                .containsEntry("c_dt3", LocalDateTime.parse("2026-03-01T13:14:15.123"))
                .containsEntry("c_dt6", LocalDateTime.parse("2026-03-01T13:14:15.123456"))
                .containsEntry("c_ts", Instant.parse("2026-03-01T12:14:15Z"))
                .containsEntry("c_year", 2026)
                .containsEntry("c_set", "x,z")
                .containsEntry("c_uuid", UUID);
    }

    @Test
    void anEnumWhoseCommaTheConnectorEscapedIsRefusedByName() {
        assertThat(refused("mas-types", List.of(column("id", "int"), column("c_enum", "string")), 2))
                .isEqualTo(new Rejection(
                        "c_enum",
                        "an enum's value with a backslash, which may stand for itself or for an escaped comma"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"man", "mad"})
    void unsignedNumbersAreExactWhereTheConnectorIsToldSo(String connector) {
        List<Column> columns = List.of(column("id", "int"), column("c_ubig", "decimal(20,0)"));

        assertThat(row(connector + "-types", columns, 2).get("c_ubig"))
                .isEqualTo(new BigDecimal(connector.equals("mad") ? "18446744073709551615" : "-1"));
    }

    /** They are known where the connector propagates the source's types. */
    @ParameterizedTest
    @CsvSource({
        "int, 2147483647, 2147483647",
        "int, 2147483648,",
        "int, 4000000000,",
        "int, -1,",
        "long, 4000000000, 4000000000",
        "long, -1,"
    })
    void anUnsignedNumberIsExactOrRefused(String type, String written, String read) {
        KafkaRecord recorded = Recorded.messages("mas-types").get(0);
        String value = new String(recorded.value(), java.nio.charset.StandardCharsets.UTF_8)
                .replace(
                        "\"field\":\"c_uint\"",
                        "\"parameters\":{\"__debezium.source.column.type\":\"INT UNSIGNED\"},\"field\":\"c_uint\"")
                .replace("\"c_uint\":4000000000", "\"c_uint\":" + written);
        assertThat(value).contains("INT UNSIGNED", "\"c_uint\":" + written);
        List<Column> columns = List.of(column("id", "int"), column("c_uint", type));

        Message message = new ChangeDecoder(columns, List.of("id"), Recorded.format("mas"), 0, 0)
                .decode(new KafkaRecord(
                        recorded.topic(),
                        0,
                        0,
                        0,
                        recorded.key(),
                        value.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                        List.of()));

        if (read == null) {
            assertThat(((Refused) message).rejection()).isEqualTo(new Rejection("c_uint", "out of range of " + type));
        } else {
            assertThat(Recorded.values(((Change) message).row(), columns).get(1))
                    .hasToString(read);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mad", "maf"})
    void otherSettingsGiveMariadbsRow(String connector) {
        boolean flat = connector.equals("maf");
        List<Column> columns = List.of(
                column("id", "int"),
                column("c_dec", "decimal(10,2)"),
                column("c_bin", "binary"),
                column("c_date", "date"),
                flat ? column("c_dt3", "timestamp", "epoch-millis") : column("c_dt3", "timestamp"),
                column("c_ts6", "timestamptz"),
                column("c_big", "long"));

        assertThat(row(connector + "-types", columns, 2)).isEqualTo(row("mas-types", columns, 2));
        assertThat(row(connector + "-types", columns, 5).get("c_dec")).isEqualTo(new BigDecimal("99999999.99"));
    }
}
