package io.firn.transform;

import java.io.Serializable;

import org.apache.spark.sql.catalyst.InternalRow;

import io.firn.schema.Rejection;

/** A compiled step; it travels to the executors and starts there once per task. */
interface Step extends Serializable {
    /** What {@link Running#apply} answers for a row that a filter drops. */
    Rejection FILTERED = new Rejection(null, "filtered");

    /** Starts the step; one that computes puts the row of its results into {@code rows}. */
    Running start(InternalRow[] rows);

    /** The step in one task; not thread safe. */
    interface Running {
        /** Null to go on with the row, {@link #FILTERED}, or why the row is refused. */
        Rejection apply(InternalRow variables);
    }
}
