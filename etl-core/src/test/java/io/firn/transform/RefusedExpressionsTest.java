package io.firn.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.SparkExtension;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;

@ExtendWith(SparkExtension.class)
final class RefusedExpressionsTest {
    private static final List<Column> IN =
            Rows.columns("id: long", "name: string", "tags: list<string>", "at: timestamptz");
    private static final String MANY = ", which needs many rows; a transform sees one row at a time";
    private static final String AGAIN = "; loading the same day again must give the same rows";

    private final SparkSession spark;

    RefusedExpressionsTest(SparkSession spark) {
        this.spark = spark;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sum(id) | aggregate function sum",
                "count(*) > 1 | aggregate function count",
                "id + max(id) | aggregate function max",
                "collect_list(name) | aggregate function collect_list",
                "row_number() over (order by id) | window function row_number",
                "sum(id) over (partition by name) | window function sum",
                "lag(id) over (order by id) | window function lag",
            })
    void functionsOfManyRows(String expr, String what) {
        assertRefused(expr, "calls the " + what + MANY);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "explode(tags) | explode",
                "upper(EXPLODE(tags)) | explode",
                "posexplode(tags) | posexplode",
                "inline(array(named_struct('a', 1))) | inline",
            })
    void generators(String expr, String what) {
        assertRefused(
                expr, "calls the generator " + what + ", which makes many rows of one; a transform makes at most one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(select 1)",
                "(select max(x) from elsewhere)",
                "id in (select id from elsewhere)",
                "exists (select 1 from elsewhere)"
            })
    void subqueries(String expr) {
        assertRefused(expr, "holds a subquery, which reads other rows; a transform sees one row at a time");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rand() | rand",
                "id + randn(1) | randn",
                "uuid() | uuid",
                "shuffle(tags) | shuffle",
                "monotonically_increasing_id() | monotonically_increasing_id",
                "spark_partition_id() | SPARK_PARTITION_ID",
                "input_file_name() | input_file_name",
                "java_method('java.lang.System', 'nanoTime') | java_method",
            })
    void nondeterminism(String expr, String what) {
        assertRefused(expr, "calls " + what + ", which is nondeterministic" + AGAIN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "current_timestamp() | current_timestamp",
                "current_timestamp | current_timestamp",
                "now() | now",
                "current_date() | current_date",
                "curdate() | current_date",
                "localtimestamp() | localtimestamp",
                "unix_timestamp() | current_timestamp",
                "datediff(current_date, at) | current_date",
                "current_user() | current_user",
                "current_database() | current_schema",
            })
    void whatChangesFromRunToRun(String expr, String what) {
        assertRefused(expr, "calls " + what + ", which changes from run to run" + AGAIN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "date 'today' | today",
                "timestamp'NOW' | now",
                "cast('yesterday' as date) | yesterday",
                "at > to_timestamp('tomorrow') | tomorrow",
                "to_date(' now ') | now",
            })
    void movingTimes(String expr, String what) {
        assertRefused(expr, "holds the time '" + what + "', which changes from run to run" + AGAIN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name = 'today'", "date '2021-07-21' > date(at)", "cast('epoch' as date) < date(at)"})
    void whatOnlyLooksLikeIt(String expr) {
        assertThat(RowProgram.compile(spark, IN, Rows.NO_METADATA, List.of(new Filter(expr)))
                        .isIdentity())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nme = 'x' | UNRESOLVED_COLUMN.WITH_SUGGESTION",
                "id = | PARSE_SYNTAX_ERROR",
                "id ++ ) | PARSE_SYNTAX_ERROR",
                "no_such_function(id) | UNRESOLVED_ROUTINE",
                "hour(tags) | DATATYPE_MISMATCH",
                "firn_file = 'x' | UNRESOLVED_COLUMN.WITH_SUGGESTION",
            })
    void whatSparkRefusesIsToldInOneLine(String expr, String condition) {
        assertThatThrownBy(() -> compile(new Filter("id > 0"), new Filter(expr)))
                .isInstanceOf(TransformException.class)
                .hasMessageStartingWith("transforms[1] (filter): expression \"" + expr + "\": [" + condition)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aFilterNeedsACondition() {
        assertThatThrownBy(() -> compile(new Filter("id + 1")))
                .isInstanceOf(TransformException.class)
                .hasMessage("transforms[0] (filter): expression \"id + 1\" gives BIGINT; a filter needs a condition,"
                        + " true or false");
    }

    private void assertRefused(String expr, String why) {
        assertThatThrownBy(() -> compile(new Derive("d", Scalar.STRING, expr)))
                .isInstanceOf(TransformException.class)
                .hasMessage("transforms[0] (derive): expression \"" + expr + "\" " + why);
    }

    private void compile(Transform... steps) {
        RowProgram unused = RowProgram.compile(spark, IN, Rows.NO_METADATA, List.of(steps));
    }
}
