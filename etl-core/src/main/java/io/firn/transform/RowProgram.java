package io.firn.transform;

import java.io.Serializable;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

import io.firn.schema.Column;

/**
 * An event's transforms, compiled once on the driver and run over every row in the pass that decodes it. Steps run in
 * the order the YAML has them, each on what the ones before it left: a row that fails a step is quarantined whatever
 * later steps would do with it, and a filtered row is never seen by later steps.
 */
public final class RowProgram implements Serializable {
    private final StructType output;
    private final boolean identity;
    /** Serialised, because Spark's expressions hold state: every task needs its own copy. */
    private final byte[] code;

    /** What a task needs to run the program. */
    record Code(int rows, List<Variable> variables, List<Step> steps, List<Variable> output) implements Serializable {}

    private final List<BitSet> reads;
    private final BitSet filterReads;
    private final int[] untouched;

    private RowProgram(StructType output, Code code, List<BitSet> reads, BitSet filterReads) {
        this.output = output;
        this.reads = reads;
        this.filterReads = filterReads;
        this.identity = isIdentity(code);
        this.untouched = code.output().stream()
                .mapToInt(variable -> variable.row() == 0 ? variable.ordinal() : -1)
                .toArray();
        this.code = ProgramBytes.write(code);
    }

    /**
     * Compiles steps over rows of {@code in}, followed by the metadata columns {@code passThrough}, which expressions do
     * not see and which stay at the end. User functions must be registered on the session before. The session's zone,
     * ANSI mode and the like do not matter: Firn's are used.
     *
     * @throws TransformException on a mistake that only Spark can see, or one that {@link Transform#columns} reports
     */
    public static RowProgram compile(
            SparkSession spark, List<Column> in, StructType passThrough, List<Transform> steps) {
        RowCompiler compiler = new RowCompiler(new RowExpressions(spark), in, passThrough);
        for (int i = 0; i < steps.size(); i++) {
            compiler.compile(i, steps.get(i));
        }
        return new RowProgram(compiler.schema(), compiler.code(), compiler.reads(), compiler.filterReads());
    }

    /** The rows' schema after the steps, metadata columns included. */
    public StructType output() {
        return output;
    }

    /** For each column of the output but the metadata columns, the columns of the input that it is made of. */
    public List<BitSet> reads() {
        return reads;
    }

    /** The column of the input whose values a column of the output has unchanged; -1 when steps compute it. */
    public int untouched(int column) {
        return untouched[column];
    }

    /** The columns of the input that filters look at. */
    public BitSet filterReads() {
        return filterReads;
    }

    /** Whether every row comes out as it went in (only names may differ), so that running it can be left out. */
    public boolean isIdentity() {
        return identity;
    }

    /** Starts the program in a task. */
    public RowRunner start() {
        return new RowRunner(ProgramBytes.read(code));
    }

    private static boolean isIdentity(Code code) {
        return code.steps().isEmpty()
                && code.output().size() == code.variables().size()
                && IntStream.range(0, code.output().size())
                        .allMatch(i -> code.output().get(i).ordinal() == i);
    }
}
