package io.firn.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;

import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firn.SparkExtension;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;

@ExtendWith(SparkExtension.class)
final class RowProgramTest {
    private static final List<Column> IN = Rows.columns("id: long required", "size: int", "name: string");
    private static final StructType METADATA = new StructType()
            .add("firn_file", DataTypes.StringType, false)
            .add("firn_offset", DataTypes.LongType, false);

    private final SparkSession spark;

    RowProgramTest(SparkSession spark) {
        this.spark = spark;
    }

    @Test
    void withoutStepsTheProgramIsTheIdentity() {
        RowProgram program = RowProgram.compile(spark, IN, METADATA, List.of());

        assertThat(program.isIdentity()).isTrue();
        assertThat(program.output().fieldNames()).containsExactly("id", "size", "name", "firn_file", "firn_offset");
        assertThat(program.output().apply("id").nullable()).isFalse();
        assertThat(program.output().apply("size").nullable()).isTrue();
    }

    @Test
    void aRenameAloneIsStillTheIdentityUnderAnotherName() {
        RowProgram program = RowProgram.compile(spark, IN, METADATA, List.of(new Rename("ID", "key")));

        assertThat(program.isIdentity()).isTrue();
        assertThat(program.output().fieldNames()).startsWith("key");
    }

    @Test
    void metadataColumnsStayAtTheEnd() {
        RowProgram program = RowProgram.compile(
                spark, IN, METADATA, List.of(new Derive("twice", Scalar.LONG, "id * 2"), new Drop(List.of("size"))));
        RowRunner runner = program.start();
        InternalRow in = Rows.internal(Rows.schema(IN).merge(METADATA, true), 21L, 3, "x", "dump/a.json", 77L);

        assertThat(Rows.run(runner, program.output(), in)).isEqualTo("[21,x,42,dump/a.json,77]");
        assertThat(program.isIdentity()).isFalse();
    }

    @Test
    void keepDropAndRenameOnlyMoveValues() {
        assertThat(run(List.of(new Keep(List.of("name", "id"))), 1L, 2, "x")).isEqualTo("[1,x]");
        assertThat(run(List.of(new Drop(List.of("id"))), 1L, 2, "x")).isEqualTo("[2,x]");
        assertThat(run(List.of(new Rename("id", "a"), new Rename("size", "id"), new Rename("a", "size")), 1L, 2, "x"))
                .isEqualTo("[1,2,x]");
    }

    @Test
    void expressionsSeeRenamedColumnsByTheirNewName() {
        List<Transform> swap = List.of(
                new Rename("size", "old"),
                new Rename("name", "size"),
                new Derive("both", Scalar.STRING, "concat(SIZE, '-', old)"));

        assertThat(run(swap, 1L, 2, "x")).isEqualTo("[1,2,x,x-2]");
    }

    @Test
    void derivesSeeWhatEarlierOnesComputed() {
        List<Transform> chain = List.of(
                new Derive("a", Scalar.LONG, "id + 1"),
                new Derive("b", Scalar.LONG, "a * 10"),
                new Derive("a", Scalar.LONG, "b + a"),
                new Derive("id", Scalar.STRING, "concat(a, '/', id)"));

        assertThat(run(chain, 1L, 2, "x")).isEqualTo("[22/1,2,x,22,20]");
    }

    @Test
    void filtersKeepOnlyWhatIsTrue() {
        List<Transform> filter = List.of(new Filter("size > 1"));

        assertThat(run(filter, 1L, 2, "x")).isEqualTo("[1,2,x]");
        assertThat(run(filter, 1L, 1, "x")).isEqualTo("filtered");
        assertThat(run(filter, 1L, null, "x")).isEqualTo("filtered");
    }

    @Test
    void aRowThatFailsBeforeAFilterIsRefusedEvenIfTheFilterWouldDropIt() {
        List<Transform> failsFirst = List.of(new Derive("share", Scalar.LONG, "10 div size"), new Filter("size > 0"));
        List<Transform> filtersFirst = List.of(new Filter("size > 0"), new Derive("share", Scalar.LONG, "10 div size"));

        assertThat(run(failsFirst, 1L, 0, "x")).isEqualTo("share: expression failed: DIVIDE_BY_ZERO");
        assertThat(run(filtersFirst, 1L, 0, "x")).isEqualTo("filtered");
        assertThat(run(filtersFirst, 1L, 5, "x")).isEqualTo("[1,5,x,2]");
    }

    @Test
    void aColumnThatFailsIsRefusedEvenIfItIsDroppedLater() {
        List<Transform> steps =
                List.of(new Derive("number", Scalar.INT, "cast(name as int)"), new Drop(List.of("number")));

        assertThat(run(steps, 1L, 0, "7")).isEqualTo("[1,0,7]");
        assertThat(run(steps, 1L, 0, "secret")).isEqualTo("number: expression failed: CAST_INVALID_INPUT");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cast(name as int) | CAST_INVALID_INPUT",
                "id div size | DIVIDE_BY_ZERO",
                "int(id + 3000000000) | CAST_OVERFLOW",
                "cast(9223372036854775807 + id as int) | ARITHMETIC_OVERFLOW",
                "int(raise_error(name)) | USER_RAISED_EXCEPTION",
                "int(to_date(name, 'yyyy-MM-dd') is null) | CANNOT_PARSE_TIMESTAMP",
                "int(array(1)[id + 5]) | INVALID_ARRAY_INDEX",
            })
    void ansiFailuresNameColumnAndConditionButNoValue(String expr, String condition) {
        List<Transform> steps = List.of(
                new Derive("before", Scalar.STRING, "upper(name)"),
                new Derive("bad", Scalar.LONG, expr),
                new Derive("after", Scalar.LONG, "id"));

        assertThat(run(steps, 1L, 0, "secret"))
                .startsWith("bad: expression failed: " + condition)
                .doesNotContain("secret");
    }

    @Test
    void aFailingFilterSaysThatItWasAFilter() {
        assertThat(run(List.of(new Filter("cast(name as int) > 1")), 1L, 0, "secret"))
                .isEqualTo("null: filter: expression failed: CAST_INVALID_INPUT");
    }

    @Test
    void aRunnerGoesOnAfterFailures() {
        RowProgram program = RowProgram.compile(
                spark, IN, Rows.NO_METADATA, List.of(new Derive("n", Scalar.INT, "cast(name as int)")));
        RowRunner runner = program.start();

        assertThat(Rows.run(runner, program.output(), row(1L, 0, "5"))).isEqualTo("[1,0,5,5]");
        assertThat(Rows.run(runner, program.output(), row(2L, 0, "x")))
                .isEqualTo("n: expression failed: CAST_INVALID_INPUT");
        assertThat(Rows.run(runner, program.output(), row(3L, 0, null))).isEqualTo("[3,0,null,null]");
        assertThat(Rows.run(runner, program.output(), row(4L, null, "6"))).isEqualTo("[4,null,6,6]");
    }

    @Test
    void nestedValuesAreReachedByTheirPath() {
        List<Column> in =
                Rows.columns("payload: struct<user: struct<id: long>, tags: list<string>>", "counts: map<string, int>");
        List<Transform> steps = List.of(
                new Derive("user_id", Scalar.LONG, "payload.user.id"),
                new Derive("first", Scalar.STRING, "try_element_at(payload.tags, 1)"),
                new Derive("upper", ColumnType.parse("list<string>"), "transform(payload.tags, t -> upper(t))"),
                new Derive("x", Scalar.INT, "counts['x']"),
                new Derive(
                        "again", ColumnType.parse("struct<id: long, n: int>"), "named_struct('id', user_id, 'n', x)"),
                new Keep(List.of("user_id", "first", "upper", "x", "again")));
        Object payload = RowFactory.create(RowFactory.create(9L), List.of("a", "b"));

        assertThat(Rows.run(spark, in, steps, payload, java.util.Map.of("x", 3)))
                .isEqualTo("[9,a,ArraySeq(A, B),3,[9,3]]");
        assertThat(Rows.run(spark, in, steps, null, null)).isEqualTo("[null,null,null,null,[null,null]]");
    }

    @Test
    void valuesWidenToTheStatedTypeWithoutLoss() {
        List<Transform> steps = List.of(
                new Derive("l", Scalar.LONG, "size"),
                new Derive("d", Scalar.DOUBLE, "size"),
                new Derive("m", new ColumnType.Decimal(20, 2), "cast(size as decimal(10,1))"),
                new Derive("none", Scalar.DATE, "null"),
                new Keep(List.of("l", "d", "m", "none")));

        assertThat(run(steps, 1L, 7, "x")).isEqualTo("[7,7.0,7.00,null]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id | int | gives BIGINT, which does not fit INT without loss",
                "id | double | gives BIGINT, which does not fit DOUBLE without loss",
                "size | string | gives INT, which does not fit STRING without loss",
                "size * 1.5 | double | gives DECIMAL(13,1), which does not fit DOUBLE without loss",
                "array(size) | list<string> | gives ARRAY<INT>, which does not fit ARRAY<STRING> without loss",
                "named_struct('a', size) | struct<a: int not null> | which does not fit STRUCT<a: INT NOT NULL>",
                "named_struct('b', size) | struct<a: int> | gives STRUCT<b: INT>, which does not fit STRUCT<a: INT>",
            })
    void aDerivedTypeThatLosesValuesIsAMistake(String expr, String type, String message) {
        assertThatThrownBy(() -> compile(new Derive("d", ColumnType.parse(type), expr)))
                .isInstanceOf(TransformException.class)
                .hasMessageStartingWith("transforms[0] (derive): expression \"" + expr + "\" ")
                .hasMessageContaining(message)
                .hasMessageEndingWith("change the column's type, or cast inside the expression");
    }

    /** Spark plans some of these as two projections, the inner one for what is used twice. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "upper(name) between 'A' and 'Z' | true",
                "(size + id) * 2 between 5 and 7 | true",
                "nullif(upper(name), 'X') is null | true",
                "nullifzero(size - 2) is null | true",
                "upper(name) between lower(name) and concat(name, upper(name) between 'A' and 'B') | false",
                "name | x",
                "case upper(name) when 'Y' then 1 when 'X' then 2 end | 2",
                "coalesce(nullif(name, 'x'), 'none') | none",
                "if(size > 1, 'many', 'one') | many",
                "from_json('{\"a\": 5}', 'a int').a | 5",
                "get_json_object('{\"a\": 5}', '$.a') | 5",
                "regexp_extract(name, '(x)', 1) | x",
                "aggregate(array(1, 2, 3), 0, (acc, x) -> acc + x) | 6",
                "date_format(timestamp_seconds(id), 'yyyy-MM-dd HH') | 1970-01-01 00",
                "to_json(named_struct('a', id)) | {\"a\":1}",
                "sha2(name, 256) like '2d%' | true",
                "id:: string | 1",
                "try_cast('x' as int) is null | true",
                "width_bucket(2.0, 0, 10, 5) | 2",
                "equal_null(size, null) | false",
                "luhn_check('0') | true",
                "parse_url('http://a.b/c', 'HOST') | a.b",
            })
    void whatSparkRewritesStillRuns(String expr, String value) {
        List<Transform> steps = List.of(new Derive("d", Scalar.STRING, "string(" + expr + ")"), new Keep(List.of("d")));

        assertThat(run(steps, 1L, 2, "x")).isEqualTo("[" + value + "]");
    }

    @Test
    void derivedUuidAndFixedAreChecked() {
        List<Transform> uuid = List.of(new Derive("u", Scalar.UUID, "name"), new Keep(List.of("u")));
        List<Transform> fixed =
                List.of(new Derive("f", new ColumnType.Fixed(2), "cast(name as binary)"), new Keep(List.of("f")));

        assertThat(run(uuid, 1L, 1, "2AF01E0C-0000-4000-8000-00000000000F"))
                .isEqualTo("[2af01e0c-0000-4000-8000-00000000000f]");
        assertThat(run(uuid, 1L, 1, "2af01e0c")).isEqualTo("u: expected uuid, found text that is none");
        assertThat(run(fixed, 1L, 1, "abc")).isEqualTo("f: expected fixed[2], found another length");
    }

    @Test
    void everyRunnerHasItsOwnState() {
        RowProgram program = RowProgram.compile(
                spark,
                Rows.columns("a: list<int>"),
                Rows.NO_METADATA,
                List.of(new Derive("b", ColumnType.parse("list<int>"), "transform(a, x -> x + 1)")));
        RowRunner first = program.start();
        RowRunner second = program.start();
        InternalRow row = Rows.internal(Rows.schema(Rows.columns("a: list<int>")), List.of(1, 2));

        assertThat(first.run(row)).isEqualTo(RowRunner.Outcome.KEPT);
        InternalRow kept = first.row().copy();
        assertThat(second.run(Rows.internal(Rows.schema(Rows.columns("a: list<int>")), List.of(9))))
                .isEqualTo(RowRunner.Outcome.KEPT);
        assertThat(Rows.external(program.output(), kept)).hasToString("[ArraySeq(1, 2),ArraySeq(2, 3)]");
        assertThat(Rows.external(program.output(), second.row())).hasToString("[ArraySeq(9),ArraySeq(10)]");
    }

    @Test
    void aCopyOutlivesTheBytesItWasReadFrom() {
        byte[] line = "hello".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        RowProgram program = RowProgram.compile(spark, IN, Rows.NO_METADATA, List.of(new Drop(List.of("size"))));
        RowRunner runner = program.start();
        InternalRow in = new org.apache.spark.sql.catalyst.expressions.GenericInternalRow(
                new Object[] {1L, 2, UTF8String.fromBytes(line)});

        assertThat(runner.run(in)).isEqualTo(RowRunner.Outcome.KEPT);
        InternalRow copy = runner.row().copy();
        line[0] = 'J';
        assertThat(copy.getUTF8String(1)).hasToString("hello");
        assertThat(runner.row().getUTF8String(1)).hasToString("Jello");
    }

    @Test
    void theSessionsSettingsDoNotMatter() {
        SparkSession other = spark.newSession();
        other.conf().set("spark.sql.session.timeZone", "America/New_York");
        other.conf().set("spark.sql.ansi.enabled", "false");
        other.conf().set("spark.sql.caseSensitive", "true");
        List<Transform> steps = List.of(
                new Derive("hour", Scalar.INT, "hour(timestamp_seconds(ID))"),
                new Derive("at", Scalar.TIMESTAMPTZ, "to_timestamp('2024-01-01 00:00:00')"),
                new Derive("number", Scalar.INT, "cast(name as int)"),
                new Keep(List.of("hour", "at", "number")));

        assertThat(Rows.run(other, IN, steps, 3600L, 1, "1")).isEqualTo("[1,2024-01-01 00:00:00.0,1]");
        assertThat(Rows.run(other, IN, steps, 3600L, 1, "x"))
                .isEqualTo("number: expression failed: CAST_INVALID_INPUT");
    }

    @Test
    void stepsThatWereNotValidatedAreRefusedWithTheirPlace() {
        assertThatThrownBy(() -> compile(new Filter("size > 1"), new Drop(List.of("nme"))))
                .isInstanceOf(TransformException.class)
                .hasMessage("transforms[1] (drop): unknown column \"nme\"; there are id, size, name");
    }

    @Test
    void decimalsStayExact() {
        List<Column> in = Rows.columns("price: decimal(10,2)");
        List<Transform> steps = List.of(new Derive("twice", new ColumnType.Decimal(21, 3), "price * 2.0"));

        assertThat(Rows.run(spark, in, steps, new BigDecimal("12345678.91"))).isEqualTo("[12345678.91,24691357.820]");
    }

    private String run(List<Transform> steps, Object... values) {
        return Rows.run(spark, IN, steps, values);
    }

    private static InternalRow row(Object... values) {
        return Rows.internal(Rows.schema(IN), values);
    }

    private void compile(Transform... steps) {
        RowProgram unused = RowProgram.compile(spark, IN, METADATA, List.of(steps));
    }
}
