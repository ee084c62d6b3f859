package io.firn.rig;

import static io.firn.rig.TypeMatrix.column;
import static io.firn.rig.TypeMatrix.exact;
import static io.firn.rig.TypeMatrix.lost;
import static io.firn.rig.TypeMatrix.refused;
import static io.firn.rig.TypeMatrix.text;

import java.util.List;
import java.util.stream.Stream;

import io.firn.rig.TypeMatrix.Kind;
import io.firn.rig.TypeMatrix.TypeColumn;
import io.firn.rig.TypeMatrix.Way;

/** Every type of PostgreSQL that Debezium supports; those of extensions that PostgreSQL brings along, too. */
final class PostgresTypes {
    private static final String YEARS = "outside the years 0001 to 9999";
    private static final String NO_TIME = "expected a time with an offset such as 2021-07-21T06:00:00Z";
    private static final String UUID = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
    private static final String MAX = "99999999999999999999999999999999999999";

    private PostgresTypes() {}

    static TypeMatrix matrix() {
        return TypeMatrix.of(
                List.of(
                        "CREATE EXTENSION IF NOT EXISTS hstore",
                        "CREATE EXTENSION IF NOT EXISTS ltree",
                        "CREATE EXTENSION IF NOT EXISTS citext",
                        unlessThere("CREATE TYPE mood AS ENUM ('sad', 'ok', 'so, so', 'happy')"),
                        unlessThere("CREATE DOMAIN price AS numeric(10,2) CHECK (value >= 0)")),
                Stream.of(numbers(), texts(), times(), others(), ranges(), arrays())
                        .flatMap(List::stream)
                        .toArray(TypeColumn[]::new));
    }

    private static String unlessThere(String sql) {
        return "DO $$ BEGIN " + sql + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$";
    }

    private static List<TypeColumn> numbers() {
        return List.of(
                column("c_bool", "boolean", "boolean", exact("true"), exact("false")),
                column("c_int2", "smallint", "int", exact("1"), exact("-32768"), exact("32767")),
                column("c_int4", "int", "int", exact("2"), exact("-2147483648"), exact("2147483647")),
                column(
                        "c_int8",
                        "bigint",
                        "long",
                        exact("3"),
                        exact("-9223372036854775808"),
                        exact("9223372036854775807")),
                column("c_oid", "oid", "long", exact("4"), exact("0"), exact("4294967295")),
                column(
                        "c_real",
                        "real",
                        "float",
                        exact("1.5"),
                        exact("3.4028235e38", "3.4028235E38"),
                        exact("1e-45", "1.4E-45"),
                        exact("'-0'", "-0.0"),
                        text("NaN"),
                        text("Infinity"),
                        text("-Infinity")),
                column(
                        "c_dbl",
                        "double precision",
                        "double",
                        exact("2.25"),
                        exact("0.1"),
                        exact("1.7976931348623157e308", "1.7976931348623157E308"),
                        exact("5e-324", "4.9E-324"),
                        exact("'-0'", "-0.0"),
                        text("NaN"),
                        text("Infinity"),
                        text("-Infinity")),
                column(
                        "c_num",
                        "numeric",
                        "string",
                        exact("123.456"),
                        lost("0.00", "0"),
                        exact("-0.000000000000000000001"),
                        exact("1e40", "1" + "0".repeat(40)),
                        exact("123456789012345678901234567890123456789012345678901234567890.5"),
                        lost("'NaN'", null),
                        lost("'Infinity'", null)),
                column(
                        "c_num102",
                        "numeric(10,2)",
                        "decimal(10,2)",
                        exact("12.30", "12.3"),
                        exact("-99999999.99"),
                        exact("99999999.99"),
                        exact("0.00", "0"),
                        lost("'NaN'", null)),
                column("c_num380", "numeric(38,0)", "decimal(38,0)", exact("7"), exact("-" + MAX), exact(MAX)),
                column(
                        "c_num3838",
                        "numeric(38,38)",
                        "decimal(38,38)",
                        exact("0.5"),
                        exact("-0." + MAX),
                        exact("0." + "0".repeat(37) + "1")),
                column(
                        "c_num5018",
                        "numeric(50,18)",
                        "string",
                        exact("12345678901234567890123456789012.123456789012345678"),
                        exact("-1.000000000000000000"),
                        lost("'NaN'", null)),
                column("c_numneg", "numeric(5,-2)", "string", exact("12345", "12300"), exact("-9999900", "-9999900")),
                column(
                        "c_money",
                        "money",
                        "decimal(38,2)",
                        exact("1234.56"),
                        exact("'-92233720368547758.08'", "-92233720368547758.08")
                                .but(Way.SNAPSHOT, Kind.LOST, "-92233720368547760"),
                        exact("'92233720368547758.07'", "92233720368547758.07")
                                .but(Way.SNAPSHOT, Kind.LOST, "92233720368547760")),
                column("c_price", "price", "decimal(10,2)", exact("9.99"), exact("0.00", "0")));
    }

    private static List<TypeColumn> texts() {
        return List.of(
                column("c_char5", "char(5)", "string", exact("'ab'", "ab   "), exact("''", "     "), text("é😀漢ab")),
                column("c_varchar", "varchar(20)", "string", text("varchar"), text(""), text("€漢😀")),
                column(
                        "c_text",
                        "text",
                        "string",
                        text("text"),
                        text(""),
                        text("null"),
                        text("€漢字"),
                        text("😀𝄞"),
                        text("a\"b\\c/d\te\nf"),
                        exact("repeat('é😀', 5000)", "é😀".repeat(5000))),
                column("c_citext", "citext", "string", text("CiText"), text("")),
                column(
                        "c_bytea",
                        "bytea",
                        "binary",
                        exact("'\\xdeadbeef'", "x'deadbeef'"),
                        exact("''", "x''"),
                        exact("'\\x00ff00'", "x'00ff00'")),
                column(
                        "c_json",
                        "json",
                        "string",
                        text("{\"a\": 1,  \"b\":[1,{\"c\":null}], \"a\":2}"),
                        text("null"),
                        text("\"é😀\""),
                        text("[]")),
                column(
                        "c_jsonb",
                        "jsonb",
                        "string",
                        text("{\"a\": {\"n\": 12345678901234567890.123}, \"z\": 1.0}"),
                        text("null"),
                        text("\"é😀\""),
                        text("[]")),
                column("c_xml", "xml", "string", text("<r a=\"1\">x</r>"), text("<é/>")),
                column("c_enum", "mood", "string", text("happy"), text("so, so")),
                column(
                        "c_hstore",
                        "hstore",
                        "string",
                        exact("'a=>1, \"b c\"=>NULL'", "{\"a\":\"1\",\"b c\":null}"),
                        exact("''", "{}"),
                        exact("'é=>😀'", "{\"é\":\"😀\"}")),
                column("c_ltree", "ltree", "string", text("Top.Science"), text("")),
                column("c_uuid", "uuid", "uuid", text(UUID), text("00000000-0000-0000-0000-000000000000")),
                column("c_tsvector", "tsvector", "string", exact("'''a'' ''fat'''", "'a' 'fat'"), text("")));
    }

    private static List<TypeColumn> times() {
        return List.of(
                column(
                        "c_date",
                        "date",
                        "date",
                        text("2026-03-01"),
                        text("0001-01-01"),
                        text("1582-10-10").but(Way.SNAPSHOT, Kind.LOST, "1582-10-20"),
                        text("1500-06-01"),
                        text("9999-12-31"),
                        refused("'infinity'", YEARS),
                        refused("'-infinity'", YEARS),
                        refused("'0044-03-15 BC'", YEARS).but(Way.SNAPSHOT, Kind.LOST, "0044-03-15"),
                        refused("'20000-01-01'", YEARS)),
                column(
                        "c_time",
                        "time",
                        "long",
                        exact("'13:14:15.123456'", "47655123456"),
                        exact("'00:00:00'", "0"),
                        exact("'24:00:00'", "86400000000")),
                column("c_time3", "time(3)", "long", exact("'13:14:15.123456'", "47655123000")),
                column(
                        "c_timetz",
                        "timetz",
                        "string",
                        exact("'13:14:15.123456+02'", "11:14:15.123456Z"),
                        exact("'00:00:00+14'", "10:00:00Z"),
                        exact("'23:59:59.999999-05:30'", "05:29:59.999999Z")),
                column(
                        "c_ts",
                        "timestamp",
                        "timestamp",
                        exact("'2026-03-01 13:14:15.123456'", "2026-03-01T13:14:15.123456"),
                        exact("'0001-01-01 00:00:00'", "0001-01-01T00:00:00.000000")
                                .but(Way.SNAPSHOT, Kind.REFUSED, YEARS),
                        exact("'1582-10-10 00:00:00'", "1582-10-10T00:00:00.000000")
                                .but(Way.SNAPSHOT, Kind.LOST, "1582-10-20T00:00:00.000000"),
                        exact("'1500-06-01 00:00:00'", "1500-06-01T00:00:00.000000")
                                .but(Way.SNAPSHOT, Kind.LOST, "1500-06-11T00:00:00.000000"),
                        exact("'1969-12-31 23:59:59.999999'", "1969-12-31T23:59:59.999999"),
                        exact("'2026-03-29 02:30:00'", "2026-03-29T02:30:00.000000"),
                        exact("'9999-12-31 23:59:59.999999'", "9999-12-31T23:59:59.999999"),
                        refused("'infinity'", YEARS),
                        refused("'-infinity'", YEARS),
                        refused("'0044-03-15 12:00:00 BC'", YEARS),
                        refused("'20000-01-01 00:00:00'", YEARS)),
                column(
                        "c_ts0",
                        "timestamp(0)",
                        "timestamp",
                        exact("'2026-03-01 13:14:15.4'", "2026-03-01T13:14:15.000000"),
                        exact("'0001-01-01 00:00:00'", "0001-01-01T00:00:00.000000")
                                .but(Way.SNAPSHOT, Kind.REFUSED, YEARS),
                        refused("'infinity'", YEARS)),
                column(
                        "c_ts3",
                        "timestamp(3)",
                        "timestamp",
                        exact("'2026-03-01 13:14:15.123456'", "2026-03-01T13:14:15.123000"),
                        exact("'9999-12-31 23:59:59.999'", "9999-12-31T23:59:59.999000")),
                column(
                        "c_tstz",
                        "timestamptz",
                        "timestamptz",
                        exact("'2026-03-01 13:14:15.123456+02'", "2026-03-01T11:14:15.123456Z"),
                        exact("'0001-01-01 00:00:00+00'", "0001-01-01T00:00:00.000000Z")
                                .but(Way.SNAPSHOT, Kind.REFUSED, YEARS),
                        exact("'1500-06-01 00:00:00+00'", "1500-06-01T00:00:00.000000Z")
                                .but(Way.SNAPSHOT, Kind.LOST, "1500-06-11T00:00:00.000000Z"),
                        exact("'9999-12-31 23:59:59.999999+00'", "9999-12-31T23:59:59.999999Z"),
                        refused("'infinity'", NO_TIME),
                        refused("'-infinity'", NO_TIME),
                        refused("'0044-03-15 12:00:00+00 BC'", NO_TIME),
                        refused("'20000-01-01 00:00:00+00'", NO_TIME)),
                column(
                        "c_tstz3",
                        "timestamptz(3)",
                        "timestamptz",
                        exact("'2026-03-01 13:14:15.123456+02'", "2026-03-01T11:14:15.123000Z")),
                column(
                        "c_interval",
                        "interval",
                        "long",
                        exact("'1 year 2 mons 3 days 04:05:06.789'", "37091106789000"),
                        exact("'0'", "0"),
                        lost("'-1.000001 seconds'", "-1000000"),
                        lost("'1.000001 seconds'", "1000000"),
                        exact("'-1.5 seconds'", "-1500000"),
                        exact("'0.1234565 seconds'", "123456"),
                        exact("'178 years'", "5617252800000000"),
                        exact("'-178 years'", "-5617252800000000")));
    }

    private static List<TypeColumn> others() {
        return List.of(
                column(
                        "c_inet",
                        "inet",
                        "string",
                        text("10.1.2.3/24"),
                        text("10.1.2.3"),
                        text("2001:db8::1"),
                        text("::ffff:1.2.3.4")),
                column("c_cidr", "cidr", "string", text("10.1.0.0/16"), text("2001:db8::/32")),
                column("c_mac", "macaddr", "string", text("08:00:2b:01:02:03"), text("ff:ff:ff:ff:ff:ff")),
                column("c_mac8", "macaddr8", "string", text("08:00:2b:01:02:03:04:05")),
                column("c_bit1", "bit(1)", "boolean", exact("B'1'", "true"), exact("B'0'", "false")),
                column(
                        "c_bit8",
                        "bit(8)",
                        "binary",
                        exact("B'10101010'", "x'aa'"),
                        exact("B'00000000'", "x''"),
                        exact("B'11111111'", "x'ff'")),
                column(
                        "c_bit20",
                        "bit(20)",
                        "binary",
                        exact("B'10000000000000000001'", "x'010008'"),
                        exact("B'00000000000000000001'", "x'01'")),
                column(
                        "c_varbit",
                        "bit varying(16)",
                        "binary",
                        exact("B'101'", "x'05'"),
                        exact("B'1000000000000001'", "x'0180'")),
                column(
                        "c_point",
                        "point",
                        "struct<x: double not null, y: double not null, wkb: binary, srid: int>",
                        exact(
                                "'(1.5,-2)'",
                                "{x=1.5, y=-2.0, wkb=x'0101000000000000000000f83f00000000000000c0', srid=null}")));
    }

    private static List<TypeColumn> ranges() {
        return List.of(
                column("c_int4range", "int4range", "string", text("[1,5)"), text("empty"), text("(,)")),
                column("c_int8range", "int8range", "string", text("[1,5)")),
                column("c_numrange", "numrange", "string", text("[1.5,2.5]"), text("empty")),
                column(
                        "c_tsrange",
                        "tsrange",
                        "string",
                        text("[\"2026-01-01 00:00:00\",\"2026-01-02 00:00:00\")"),
                        text("[-infinity,infinity]")),
                column("c_tstzrange", "tstzrange", "string", text("[\"2026-01-01 00:00:00+00\",)")),
                column("c_daterange", "daterange", "string", text("[2026-01-01,2026-02-01)")));
    }

    private static List<TypeColumn> arrays() {
        return List.of(
                column(
                        "a_int",
                        "int[]",
                        "list<int>",
                        exact("'{1,2,NULL}'", "[1, 2, null]"),
                        exact("'{}'", "[]"),
                        lost("'{{1,2},{3,4}}'", "[null, null]")),
                column("a_int2", "smallint[]", "list<int>", exact("'{-32768,NULL}'", "[-32768, null]")),
                column(
                        "a_int8",
                        "bigint[]",
                        "list<long>",
                        exact("'{9223372036854775807,NULL}'", "[9223372036854775807, null]")),
                column("a_real", "real[]", "list<float>", exact("'{1.5,NaN}'", "[1.5, NaN]")),
                column("a_dbl", "double precision[]", "list<double>", exact("'{0.1,-Infinity}'", "[0.1, -Infinity]")),
                column("a_num", "numeric(10,2)[]", "list<decimal(10,2)>", exact("'{1.10,NULL}'", "[1.1, null]")),
                column(
                        "a_text",
                        "text[]",
                        "list<string>",
                        exact(
                                "'{a,\"b,c\",NULL,\"\",\"null\",é😀}'",
                                "[\"a\", \"b,c\", null, \"\", \"null\", \"é😀\"]"),
                        exact("'{}'", "[]"),
                        exact("'{NULL}'", "[null]")),
                column("a_varchar", "varchar(9)[]", "list<string>", exact("'{a,NULL}'", "[\"a\", null]")),
                column("a_bool", "boolean[]", "list<boolean>", exact("'{t,f,NULL}'", "[true, false, null]")),
                column(
                        "a_ts",
                        "timestamp[]",
                        "list<timestamp>",
                        exact("'{2026-03-01 13:14:15.123456,NULL}'", "[2026-03-01T13:14:15.123456, null]")),
                column(
                        "a_tstz",
                        "timestamptz[]",
                        "list<timestamptz>",
                        exact("'{2026-03-01 13:14:15.123456+02}'", "[2026-03-01T11:14:15.123456Z]")),
                column(
                        "a_date",
                        "date[]",
                        "list<date>",
                        exact("'{2026-03-01,0001-01-01}'", "[2026-03-01, 0001-01-01]")),
                column("a_uuid", "uuid[]", "list<uuid>", exact("'{" + UUID + "}'", "[\"" + UUID + "\"]")),
                column("a_enum", "mood[]", "list<string>", exact("'{sad,ok}'", "[\"sad\", \"ok\"]")),
                column(
                        "a_jsonb",
                        "jsonb[]",
                        "list<string>",
                        exact("ARRAY['{\"a\": 1}', 'null']::jsonb[]", "[\"{\\\"a\\\": 1}\", \"null\"]")),
                column("a_bytea", "bytea[]", "list<binary>", exact("ARRAY['\\x01', NULL]::bytea[]", "[x'01', null]")));
    }
}
