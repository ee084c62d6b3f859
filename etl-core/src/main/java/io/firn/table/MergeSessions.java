package io.firn.table;

import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

import org.apache.spark.sql.SparkSession;
import scala.jdk.javaapi.CollectionConverters;

import io.firn.table.keys.KeyScanRule;

/**
 * Sessions in which tables are merged, each by one thread at a time: a merge needs settings, views and functions that
 * nothing else should see. One of these for a process; sessions are used again, since each opens catalogs of its own.
 */
public final class MergeSessions {
    private static final Map<String, String> SETTINGS = Map.of(
            // A batch's keys are a part of its plans.
            "spark.sql.maxPlanStringLength", "20000",
            // Few changes can touch many files, each of which gets a delete file: more than one task writes those.
            "spark.sql.adaptive.coalescePartitions.minPartitionSize", "32k",
            "spark.sql.parquet.datetimeRebaseModeInRead", "CORRECTED");

    private final SparkSession parent;
    private final MergeLimits limits;
    private final ConcurrentLinkedDeque<SparkSession> idle = new ConcurrentLinkedDeque<>();

    /** @param parent sees the tables' catalogs */
    public MergeSessions(SparkSession parent) {
        this(parent, MergeLimits.MEASURED);
    }

    MergeSessions(SparkSession parent, MergeLimits limits) {
        this.parent = parent;
        this.limits = limits;
    }

    MergeLimits limits() {
        return limits;
    }

    SparkSession parent() {
        return parent;
    }

    /** A session for the caller alone, until it is closed. */
    Lease take() {
        SparkSession used = idle.poll();
        return new Lease(used == null ? open() : used);
    }

    /** Holds a session. */
    final class Lease implements AutoCloseable {
        private final SparkSession session;

        private Lease(SparkSession session) {
            this.session = session;
        }

        SparkSession session() {
            return session;
        }

        @Override
        public void close() {
            session.catalog().dropTempView(MergeSql.STAGED);
            idle.push(session);
        }
    }

    private SparkSession open() {
        SparkSession session = parent.newSession();
        Map<String, String> own = CollectionConverters.asJava(session.conf().getAll());
        CollectionConverters.asJava(parent.conf().getAll()).forEach((key, value) -> {
            if (!value.equals(own.get(key))) {
                session.conf().set(key, value);
            }
        });
        SETTINGS.forEach(session.conf()::set);
        KeyScanRule.install(session);
        return session;
    }
}
