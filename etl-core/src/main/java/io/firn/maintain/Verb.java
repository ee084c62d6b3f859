package io.firn.maintain;

import org.apache.spark.sql.SparkSession;

import io.firn.table.LakeTable;

/** One kind of upkeep. */
public interface Verb {
    /** As the command line says it: expire-snapshots. */
    String name();

    /**
     * Does it to the table as it is now, or finds out what it would do. May be run beside writers and other upkeep, and
     * again after it was killed. Throws {@link io.firn.table.TableException} when it cannot be done.
     */
    Maintained run(SparkSession spark, LakeTable table, Execution execution);

    /** Whether to act. */
    enum Execution {
        DO,
        DRY_RUN
    }
}
