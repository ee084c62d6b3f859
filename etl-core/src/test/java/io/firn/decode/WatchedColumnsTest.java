package io.firn.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.Format;
import io.firn.schema.JsonPath;
import io.firn.schema.Rejection;
import io.firn.schema.TypeChange;

/** Lines that hold what no column takes are told, and values that a column does not hold go to its alternatives. */
class WatchedColumnsTest {
    private static final Column PRICE = column("price", "double", "price", null, TypeChange.NEW_COLUMN);
    private static final Column TAGS = column("tags", "list<long>", "tags", null, TypeChange.FAIL);
    private static final Column NAME = column("name", "string", "user.name", null, TypeChange.NEW_COLUMN);
    private static final Column ID =
            new Column("id", ColumnType.parse("long"), null, null, true, null).onTypeChange(TypeChange.NEW_COLUMN);
    private static final Column PRICE_STRING = column("price_string", "string", "price", null, null);
    private static final Column PRICE_JSON = column("price_json", "string", "price", "json", null);
    private static final Column USER = column("name_string", "string", "user", null, null);
    private static final Map<String, String> ALTERNATIVES =
            Map.of("price_string", "price", "price_json", "price", "name_string", "name");

    private final LineDecoder decoder =
            decoder(UnknownFields.EVOLVE, List.of(PRICE, TAGS, NAME, ID, PRICE_STRING, PRICE_JSON, USER), ALTERNATIVES);
    private final LineDecoder plain = decoder(UnknownFields.EVOLVE, List.of(PRICE, TAGS, NAME, ID), Map.of());
    private DecodedRow row;

    private static Column column(String name, String type, String path, String format, TypeChange policy) {
        return new Column(
                        name,
                        ColumnType.parse(type),
                        JsonPath.parse(path),
                        format == null ? null : Format.parse(format),
                        false,
                        null)
                .onTypeChange(policy);
    }

    private static LineDecoder decoder(UnknownFields unknown, List<Column> columns, Map<String, String> alternatives) {
        return LineDecoder.watching(columns, alternatives, unknown, 0, List.of(JsonPath.parse("type")));
    }

    private Rejection decode(LineDecoder by, String line) {
        row = by.row();
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return by.decode(bytes, 0, bytes.length, row);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1.5                  | 1.5  | null | null",
                "\"1.5\"              | null | 1.5  | null",
                "{\"a\":[1,{\"b\":2}]}| null | null | {\"a\":[1,{\"b\":2}]}",
                "1e999                | null | null | 1e999",
                "null                 | null | null | null"
            })
    void theFirstColumnThatHoldsAValueTakesIt(String value, String price, String text, String json) {
        assertThat(decode(decoder, "{\"id\":7,\"price\":" + value + ",\"tags\":[3]}"))
                .isNull();

        assertThat(decoder.hasUnplaced()).isFalse();
        assertThat(String.valueOf(row.get(0, DataTypes.DoubleType))).isEqualTo(price);
        assertThat(String.valueOf(row.getUTF8String(4))).isEqualTo(text);
        assertThat(String.valueOf(row.getUTF8String(5))).isEqualTo(json);
        assertThat(row.getArray(1).toLongArray()).containsExactly(3);
        assertThat(row.getLong(3)).isEqualTo(7);
    }

    @Test
    void whatIsNoObjectWhereColumnsLieBelowGoesToAnAlternativeToo() {
        assertThat(decode(decoder, "{\"user\":\"ann\",\"id\":1}")).isNull();
        assertThat(row.getUTF8String(6)).hasToString("ann");
        assertThat(row.isNullAt(2)).isTrue();

        assertThat(decode(decoder, "{\"user\":{\"name\":\"bob\"},\"id\":1}")).isNull();
        assertThat(row.getUTF8String(2)).hasToString("bob");
        assertThat(row.isNullAt(6)).isTrue();
        assertThat(decoder.hasUnplaced()).isFalse();
    }

    @Test
    void aValueThatNoneHoldsIsNotedAndTheRestIsRead() {
        assertThat(decode(plain, "{\"price\":\"x\",\"tags\":[1,{\"y\":[true]}],\"user\":3,\"id\":9}"))
                .isNull();

        assertThat(plain.hasUnplaced()).isTrue();
        assertThat(plain.misfits().stream()).containsExactly(0, 1, 2);
        assertThat(plain.misfit()).isEqualTo(new Rejection("price", "expected double, found string"));
        assertThat(row.getLong(3)).isEqualTo(9);
        assertThat(row.isNullAt(1)).isTrue();
        assertThat(decode(plain, "{\"id\":1}")).isNull();
        assertThat(plain.hasUnplaced()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"price\":\"x\",\"id\":\"one\"}      | expected long, found string",
                "{\"price\":\"x\"}                    | required, but missing",
                "{\"price\":{\"a\":1,\"a\":2},\"id\":1}| malformed JSON at byte 19: the key \"a\" stands twice in one object",
                "{\"tags\":[1,\"x\",],\"id\":1}         | malformed JSON at byte 15: expected a value",
                "{\"new\":1,\"id\":1}}                 | malformed JSON at byte 16: something follows after the document;"
                        + " one line holds one document"
            })
    void aLineThatIsWrongOtherwiseIsRefused(String line, String reason) {
        assertThat(decode(plain, line).reason()).startsWith(reason);
    }

    @Test
    void unlistedKeysAreToldUnlessTheyHoldNothing() {
        assertThat(decode(
                        plain,
                        "{\"type\":\"t\",\"id\":1,\"a\":null,\"b\":{ },\"c\":[],"
                                + "\"user\":{\"d\":{\"e \\\" x\" :[ null , {\"f\":null}]}}}"))
                .isNull();
        assertThat(plain.hasUnplaced()).isFalse();
        assertThat(decode(plain, "{\"id\":1,\"a\":null,\"user\":{\"d\":0}}")).isNull();
        assertThat(plain.hasUnplaced()).isTrue();
        assertThat(plain.misfits().isEmpty()).isTrue();

        assertThat(plain.unknown().fields())
                .as("of the line that is decoded again nothing counts yet")
                .extracting(UnknownReport.Field::path, UnknownReport.Field::count)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", 1L),
                        org.assertj.core.groups.Tuple.tuple("b", 1L),
                        org.assertj.core.groups.Tuple.tuple("c", 1L),
                        org.assertj.core.groups.Tuple.tuple("user.d", 1L));
    }

    @Test
    void unlistedKeysOfAValueThatDoesNotFitAreTheAlternativesAlone() {
        Column place = column("place", "struct<lat: double>", "place", null, TypeChange.NEW_COLUMN);
        Column json = column("place_string", "string", "place", "json", null);
        LineDecoder keeping = decoder(UnknownFields.KEEP, List.of(place, json), Map.of("place_string", "place"));

        assertThat(decode(keeping, "{\"x\":1,\"place\":{\"far\":[1],\"lat\":\"n\"},\"y\":2}"))
                .isNull();

        assertThat(row.getUTF8String(1)).hasToString("{\"far\":[1],\"lat\":\"n\"}");
        assertThat(row.getUTF8String(2)).hasToString("{\"x\":1,\"y\":2}");
        assertThat(keeping.unknown().fields())
                .extracting(UnknownReport.Field::path)
                .containsExactly("x", "y");
    }
}
