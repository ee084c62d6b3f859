package io.firn.transform;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;

/**
 * What a program costs per row of 30 columns, each of them read once afterwards as a writer does: run its main with
 * Spark's JVM flags. The last line is what copying all columns would cost.
 */
public final class RowProgramBenchmark {
    private static final int ROWS = 20_000;
    private static final int ROUNDS = 60;
    private static final List<Column> IN = wide();

    private RowProgramBenchmark() {}

    public static void main(String[] args) {
        SparkSession spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
        List<InternalRow> rows = rows();
        StructType schema = Rows.schema(IN);

        print("nothing, rows read only", measure(rows, row -> read(row, schema)));
        print("drop", program(spark, rows, List.of(new Drop(List.of("s1")))));
        Derive hash = new Derive("h", Scalar.INT, "length(s1)");
        print("derive", program(spark, rows, List.of(hash)));
        print(
                "derive, derive of it, filter",
                program(spark, rows, List.of(hash, new Derive("i", Scalar.LONG, "h + n1"), new Filter("i >= 0"))));
        print("cast string to long", program(spark, rows, List.of(new Cast("s2", Scalar.LONG))));
        UnsafeProjection copy = UnsafeProjection.create(schema);
        print("copy to an UnsafeRow", measure(rows, row -> read(copy.apply(row), schema)));
        compile(spark, hash);
        spark.stop();
    }

    private static void compile(SparkSession spark, Derive derive) {
        int programs = 200;
        long start = cpu();
        for (int i = 0; i < programs; i++) {
            RowProgram unused = RowProgram.compile(spark, IN, Rows.NO_METADATA, List.of(derive));
        }
        System.out.printf("compile one derive: %.2f CPU ms%n", (cpu() - start) / 1e6 / programs);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static double program(SparkSession spark, List<InternalRow> rows, List<Transform> steps) {
        RowProgram program = RowProgram.compile(spark, IN, Rows.NO_METADATA, steps);
        RowRunner runner = program.start();
        return measure(rows, row -> {
            return runner.run(row) == RowRunner.Outcome.KEPT ? read(runner.row(), program.output()) : 0;
        });
    }

    /** CPU time per row, the best of many rounds. */
    private static double measure(List<InternalRow> rows, ToLongFunction<InternalRow> work) {
        double best = Double.MAX_VALUE;
        long sum = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = cpu();
            for (InternalRow row : rows) {
                sum += work.applyAsLong(row);
            }
            best = Math.min(best, (cpu() - start) / (double) rows.size());
        }
        if (sum == 42) {
            System.out.println("never");
        }
        return best;
    }

    private static long read(InternalRow row, StructType schema) {
        long sum = 0;
        for (int i = 0; i < schema.size(); i++) {
            if (row.isNullAt(i)) {
                continue;
            }
            sum += switch (schema.apply(i).dataType().typeName()) {
                case "long" -> row.getLong(i);
                case "integer" -> row.getInt(i);
                default -> row.getUTF8String(i).numBytes();
            };
        }
        return sum;
    }

    private static void print(String what, double nanos) {
        System.out.printf("%-32s %6.0f CPU ns per row%n", what, nanos);
    }

    private static List<Column> wide() {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            columns.add(Rows.column("n" + i + ": long"));
            columns.add(Rows.column("s" + i + ": string"));
        }
        return List.copyOf(columns);
    }

    private static List<InternalRow> rows() {
        List<InternalRow> rows = new ArrayList<>();
        for (int r = 0; r < ROWS; r++) {
            Object[] values = new Object[IN.size()];
            for (int i = 0; i < values.length; i++) {
                values[i] = i % 2 == 0 ? (Object) (long) (r + i) : UTF8String.fromString(Integer.toString(r * 31 + i));
            }
            rows.add(new GenericInternalRow(values));
        }
        return rows;
    }
}
