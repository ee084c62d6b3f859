package io.firn.transform;

import java.util.List;

import org.apache.spark.sql.catalyst.InternalRow;

import io.firn.schema.Rejection;

/** A {@link RowProgram} in one task. Not thread safe; a row holds until the next {@link #run}. */
public final class RowRunner {
    /** What became of a row. */
    public enum Outcome {
        KEPT,
        FILTERED,
        REJECTED
    }

    private final InternalRow[] rows;
    private final RowView variables;
    private final RowView output;
    private final Step.Running[] steps;
    private Rejection rejection;

    RowRunner(RowProgram.Code code) {
        this.rows = new InternalRow[code.rows()];
        this.variables = new RowView(code.variables(), rows);
        this.output = new RowView(code.output(), rows);
        this.steps = start(code.steps(), rows);
    }

    /** Runs the steps over one row. */
    public Outcome run(InternalRow in) {
        rows[0] = in;
        for (Step.Running step : steps) {
            Rejection refused = step.apply(variables);
            if (refused != null) {
                return refuse(refused);
            }
        }
        return Outcome.KEPT;
    }

    /** The output row, after {@link Outcome#KEPT}; it reads from the input row, so neither may change before use. */
    public InternalRow row() {
        return output;
    }

    /** Why the row was refused, after {@link Outcome#REJECTED}. */
    public Rejection rejection() {
        return rejection;
    }

    private Outcome refuse(Rejection refused) {
        if (refused.equals(Step.FILTERED)) {
            return Outcome.FILTERED;
        }
        rejection = refused;
        return Outcome.REJECTED;
    }

    private static Step.Running[] start(List<Step> steps, InternalRow[] rows) {
        return steps.stream().map(s -> s.start(rows)).toArray(Step.Running[]::new);
    }
}
