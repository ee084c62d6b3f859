package io.firn;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.BooleanSupplier;

import org.apache.spark.sql.SparkSession;

import io.firn.registry.Schemas;
import io.firn.source.TopicSource;
import io.firn.table.ChangeOrigin;
import io.firn.table.MergeSessions;

/**
 * What all topics of a run share.
 *
 * @param schemas those of the source's registry; null where it has none
 * @param forgets whether it is time to look for deletes that need not be remembered any more
 * @param ending whether the run was asked to take no further batch
 */
record TopicContext(
        LoadedPipeline pipeline,
        Schemas schemas,
        SparkSession spark,
        Catalogs catalogs,
        MergeSessions sessions,
        String runId,
        Instant started,
        boolean forgets,
        BooleanSupplier ending) {

    String name() {
        return pipeline.pipeline().pipeline();
    }

    /** What changes the tables that are Firn's own. */
    ChangeOrigin origin() {
        return pipeline.origin(runId);
    }

    TopicSource source() {
        return (TopicSource) pipeline.pipeline().source();
    }

    /** The run's start in microseconds since the epoch, the same in every row. */
    long loadedAt() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, started);
    }
}
