package io.firn.rig;

import static io.firn.rig.TypeMatrix.column;
import static io.firn.rig.TypeMatrix.exact;
import static io.firn.rig.TypeMatrix.lost;
import static io.firn.rig.TypeMatrix.text;

import java.util.List;
import java.util.stream.Stream;

import io.firn.rig.TypeMatrix.Kind;
import io.firn.rig.TypeMatrix.TypeColumn;
import io.firn.rig.TypeMatrix.Way;

/** Every type of MariaDB that Debezium supports. */
final class MariaDbTypes {
    private static final String UUID = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
    private static final String DIGITS = "12345678901234567890123456789012345";
    private static final String GEOMETRY = "struct<wkb: binary not null, srid: int>";
    private static final String POINT_WKB = "x'0101000000000000000000f83f00000000000000c0'";

    private static final String ESCAPED =
            "an enum's value with a backslash, which may stand for itself or for an escaped comma";

    private MariaDbTypes() {}

    static TypeMatrix matrix() {
        return TypeMatrix.of(
                List.of(),
                Stream.of(numbers(), texts(), times(), shapes())
                        .flatMap(List::stream)
                        .toArray(TypeColumn[]::new));
    }

    private static List<TypeColumn> numbers() {
        return List.of(
                column("c_bool", "boolean", "int", exact("1"), exact("0")),
                column("c_bit1", "bit(1)", "boolean", exact("b'1'", "true"), exact("b'0'", "false")),
                column("c_bit8", "bit(8)", "binary", exact("b'10101010'", "x'aa'"), exact("b'0'", "x'00'")),
                column(
                        "c_bit20",
                        "bit(20)",
                        "binary",
                        exact("b'10000000000000000001'", "x'010008'"),
                        exact("b'1'", "x'010000'")),
                column("c_bit64", "bit(64)", "binary", exact("18446744073709551615", "x'ffffffffffffffff'")),
                column("c_tiny", "tinyint", "int", exact("-1"), exact("-128"), exact("127")),
                column("c_utiny", "tinyint unsigned", "int", exact("200"), exact("255"), exact("0")),
                column("c_small", "smallint", "int", exact("-2"), exact("-32768"), exact("32767")),
                column("c_usmall", "smallint unsigned", "int", exact("60000"), exact("65535")),
                column("c_medium", "mediumint", "int", exact("-3"), exact("-8388608"), exact("8388607")),
                column("c_umedium", "mediumint unsigned", "int", exact("3"), exact("16777215")),
                column("c_int", "int", "int", exact("-4"), exact("-2147483648"), exact("2147483647")),
                column("c_uint", "int unsigned", "long", exact("4000000000"), exact("4294967295")),
                column(
                        "c_big",
                        "bigint",
                        "long",
                        exact("-5"),
                        exact("-9223372036854775808"),
                        exact("9223372036854775807")),
                column(
                        "c_ubig",
                        "bigint unsigned",
                        "long",
                        exact("5"),
                        exact("9223372036854775807"),
                        lost("18446744073709551615", "-1")),
                column(
                        "c_float",
                        "float",
                        "float",
                        exact("1.5"),
                        exact("3.4028234e38", "3.4028235E38").but(Way.SNAPSHOT, Kind.LOST, "3.40282E38"),
                        exact("1.2345678").but(Way.SNAPSHOT, Kind.LOST, "1.23457"),
                        exact("-0.1")),
                column(
                        "c_double",
                        "double",
                        "double",
                        exact("2.25"),
                        exact("0.1"),
                        exact("1.7976931348623157e308", "1.7976931348623157E308"),
                        exact("-2.2250738585072014e-308", "-2.2250738585072014E-308")),
                column(
                        "c_dec",
                        "decimal(10,2)",
                        "decimal(10,2)",
                        exact("12.30", "12.3"),
                        exact("-99999999.99"),
                        exact("99999999.99"),
                        exact("0.00", "0")),
                column(
                        "c_dec3810",
                        "decimal(38,10)",
                        "decimal(38,10)",
                        exact("-1234567890123456789012345678.0123456789")),
                column("c_dec650", "decimal(65,0)", "string", exact("-" + "9".repeat(65))),
                column("c_dec6530", "decimal(65,30)", "string", exact(DIGITS + ".123456789012345678901234567890")),
                column("c_udec", "decimal(10,2) unsigned", "decimal(10,2)", exact("99999999.99")),
                column(
                        "c_year",
                        "year",
                        "int",
                        exact("2026"),
                        exact("1901"),
                        exact("2155"),
                        lost("0", "1900").but(Way.SNAPSHOT, Kind.UNREADABLE, null)));
    }

    private static List<TypeColumn> texts() {
        return List.of(
                column("c_char", "char(5)", "string", text("ab"), text(""), text("é😀漢")),
                column("c_varchar", "varchar(20)", "string", text("varchar"), text(""), text("pad  "), text("€漢😀")),
                column("c_tinytext", "tinytext", "string", text("tiny")),
                column("c_text", "text", "string", text("text"), text(""), text("null"), text("€漢字"), text("😀𝄞")),
                column("c_medium_text", "mediumtext", "string", exact("repeat('é😀', 5000)", "é😀".repeat(5000))),
                column("c_longtext", "longtext", "string", text("long")),
                column("c_latin", "varchar(20) CHARACTER SET latin1", "string", text("latin é"), text("ÿ")),
                column("c_binary", "binary(4)", "binary", exact("x'deadbeef'"), exact("x'01'", "x'01000000'")),
                column("c_varbinary", "varbinary(9)", "binary", exact("x'0102'"), exact("''", "x''")),
                column("c_tinyblob", "tinyblob", "binary", exact("x'00ff'")),
                column("c_blob", "blob", "binary", exact("x'00ff'"), exact("''", "x''")),
                column("c_mediumblob", "mediumblob", "binary", exact("x'00ff'")),
                column("c_longblob", "longblob", "binary", exact("x'00ff'")),
                column(
                        "c_enum",
                        "enum('a','b','c,d')",
                        "string",
                        text("b"),
                        text(""),
                        text("c,d").but(Way.LOG, Kind.REFUSED, ESCAPED)),
                column("c_set", "set('x','y','z')", "string", text("x,z"), text(""), text("x,y,z")),
                column("c_json", "json", "string", text("{\"a\": 1,  \"b\":[1,null]}"), text("null"), text("\"é😀\"")),
                column("c_uuid", "uuid", "uuid", text(UUID), text("00000000-0000-0000-0000-000000000000")));
    }

    private static List<TypeColumn> times() {
        return List.of(
                column(
                        "c_date",
                        "date",
                        "date",
                        text("2026-03-01"),
                        text("1000-01-01"),
                        text("1582-10-10"),
                        text("1500-06-01"),
                        text("9999-12-31"),
                        lost("'0000-00-00'", null)),
                column(
                        "c_time",
                        "time",
                        "long",
                        exact("'13:14:15'", "47655000000"),
                        exact("'-838:59:59'", "-3020399000000"),
                        exact("'838:59:59'", "3020399000000"),
                        exact("'00:00:00'", "0")),
                column(
                        "c_time6",
                        "time(6)",
                        "long",
                        exact("'13:14:15.123456'", "47655123456"),
                        exact("'-838:59:59.999999'", "-3020399999999"),
                        exact("'-00:00:00.000001'", "-1")),
                column(
                        "c_datetime",
                        "datetime",
                        "timestamp",
                        exact("'2026-03-01 13:14:15'", "2026-03-01T13:14:15.000000"),
                        exact("'1000-01-01 00:00:00'", "1000-01-01T00:00:00.000000"),
                        exact("'1500-06-01 00:00:00'", "1500-06-01T00:00:00.000000"),
                        exact("'2026-03-29 02:30:00'", "2026-03-29T02:30:00.000000"),
                        lost("'0000-00-00 00:00:00'", null)),
                column(
                        "c_datetime3",
                        "datetime(3)",
                        "timestamp",
                        exact("'2026-03-01 13:14:15.123'", "2026-03-01T13:14:15.123000")),
                column(
                        "c_datetime6",
                        "datetime(6)",
                        "timestamp",
                        exact("'2026-03-01 13:14:15.123456'", "2026-03-01T13:14:15.123456"),
                        exact("'9999-12-31 23:59:59.999999'", "9999-12-31T23:59:59.999999")),
                column(
                        "c_timestamp",
                        "timestamp NULL",
                        "timestamptz",
                        exact("'2026-03-01 13:14:15'", "2026-03-01T13:14:15.000000Z"),
                        exact("'1970-01-01 00:00:01'", "1970-01-01T00:00:01.000000Z"),
                        exact("'2038-01-19 03:14:07'", "2038-01-19T03:14:07.000000Z"),
                        lost("'0000-00-00 00:00:00'", "1970-01-01T00:00:00.000000Z")
                                .but(Way.SNAPSHOT, Kind.LOST, null)),
                column(
                        "c_timestamp6",
                        "timestamp(6) NULL",
                        "timestamptz",
                        exact("'2026-03-01 13:14:15.123456'", "2026-03-01T13:14:15.123456Z")));
    }

    private static List<TypeColumn> shapes() {
        return List.of(
                column(
                        "c_point",
                        "point",
                        "struct<x: double not null, y: double not null, wkb: binary, srid: int>",
                        exact("ST_GeomFromText('POINT(1.5 -2)')", "{x=1.5, y=-2.0, wkb=" + POINT_WKB + ", srid=null}")),
                column(
                        "c_geometry",
                        "geometry",
                        GEOMETRY,
                        exact("ST_GeomFromText('POINT(1.5 -2)')", "{wkb=" + POINT_WKB + ", srid=null}")),
                column(
                        "c_line",
                        "linestring",
                        GEOMETRY,
                        exact(
                                "ST_GeomFromText('LINESTRING(0 0, 1 1)')",
                                "{wkb=x'010200000002000000" + "00".repeat(16) + "000000000000f03f".repeat(2)
                                        + "', srid=null}")));
    }
}
