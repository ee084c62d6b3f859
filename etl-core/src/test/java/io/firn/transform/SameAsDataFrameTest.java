package io.firn.transform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firn.SparkExtension;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;

/** Over the same rows a program gives what plain Spark gives for the same steps, whatever the chain. */
@ExtendWith(SparkExtension.class)
final class SameAsDataFrameTest {
    private static final int CHAINS = 8;
    private static final List<Derive> DERIVES = List.of(
            derive("hour", "int", "hour(created_at)"),
            derive("total", "decimal(22,2)", "price * coalesce(size, 0)"),
            derive("login", "string", "upper(payload.user.login)"),
            derive("user_id", "long", "payload.user.id"),
            derive("tags", "list<string>", "filter(payload.tags, t -> t is not null)"),
            derive("x", "int", "counts['x']"),
            derive("more", "map<string, long>", "map('id', id, 'size', size)"),
            derive("pair", "struct<a: long, b: string>", "named_struct('a', id, 'b', name)"),
            derive("name", "string", "concat_ws('/', name, cast(day as string))"),
            derive("next", "date", "date_add(day, 1)"),
            derive("local", "timestamp", "local + interval 1 hour"),
            derive("created_at", "timestamptz", "date_trunc('DAY', created_at)"),
            derive("hex", "string", "hex(raw)"),
            derive("bits", "binary", "raw"),
            derive("ratio", "double", "ratio + small"),
            derive("flag", "boolean", "flag and size > 10"),
            derive("id", "long", "id + 1"));
    private static final List<Filter> FILTERS = List.of(
            new Filter("id % 3 <> 0"),
            new Filter("size is not null"),
            new Filter("flag"),
            new Filter("name like '%1%'"));

    private final SparkSession spark;

    SameAsDataFrameTest(SparkSession spark) {
        this.spark = spark;
    }

    @Test
    void everyDeriveTogether() {
        assertSame(new ArrayList<>(DERIVES));
    }

    @Test
    void randomChains() {
        Random random = new Random(42);
        for (int chain = 0; chain < CHAINS; chain++) {
            assertSame(chain(random));
        }
    }

    private void assertSame(List<Transform> steps) {
        List<Row> rows = Rows.sample(40);
        Dataset<Row> frame = spark.createDataFrame(rows, Rows.schema(Rows.SAMPLE));
        RowProgram program = RowProgram.compile(spark, Rows.SAMPLE, Rows.NO_METADATA, steps);
        RowRunner runner = program.start();
        List<String> got = new ArrayList<>();
        for (Row row : rows) {
            String outcome = Rows.run(runner, program.output(), Rows.internal(Rows.schema(Rows.SAMPLE), values(row)));
            if (!outcome.equals("filtered")) {
                got.add(outcome);
            }
        }
        List<String> expected = plain(frame, steps).collectAsList().stream()
                .map(row -> Rows.text(Rows.external(program.output(), Rows.internal(program.output(), values(row)))))
                .toList();

        assertThat(expected).as("rows of %s", steps).isNotEmpty();
        assertThat(got).as("%s", steps).isEqualTo(expected);
    }

    private static Dataset<Row> plain(Dataset<Row> frame, List<Transform> steps) {
        Dataset<Row> result = frame;
        List<Column> columns = Rows.SAMPLE;
        for (Transform step : steps) {
            if (step instanceof Derive derive) {
                result = result.withColumn(
                        derive.name(),
                        functions.expr(derive.expr()).cast(derive.as().toSpark()));
            } else if (step instanceof Filter filter) {
                result = result.where(filter.expr());
            } else if (step instanceof Rename rename) {
                result = result.withColumnRenamed(rename.column(), rename.to());
            } else if (step instanceof Drop drop) {
                result = result.drop(drop.names().toArray(String[]::new));
            }
            columns = step.columns(columns, new Problems());
            assertThat(List.of(result.columns())).isEqualTo(Columns.names(columns));
        }
        return result;
    }

    /** Steps that fit each other: what a rename or a drop takes away is not named after it. */
    private static List<Transform> chain(Random random) {
        List<Transform> steps = new ArrayList<>();
        for (int i = random.nextInt(8); i >= 0; i--) {
            steps.add(
                    random.nextInt(4) == 0
                            ? FILTERS.get(random.nextInt(FILTERS.size()))
                            : DERIVES.get(random.nextInt(DERIVES.size())));
        }
        steps.add(new Rename("id", "key"));
        steps.add(new Drop(List.of("payload", "counts")));
        return steps;
    }

    private static Derive derive(String name, String type, String expr) {
        return new Derive(name, ColumnType.parse(type), expr);
    }

    private static Object[] values(Row row) {
        Object[] values = new Object[row.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.get(i);
        }
        return values;
    }
}
