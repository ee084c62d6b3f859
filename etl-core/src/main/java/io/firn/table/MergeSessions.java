package io.firn.table;

import org.apache.spark.sql.SparkSession;

/**
 * Sessions in which tables are merged, each by one thread at a time: a merge needs settings that nothing else should
 * see. One of these for a process.
 */
public final class MergeSessions {
    private final SparkSession parent;

    /** @param parent sees the tables' catalogs */
    public MergeSessions(SparkSession parent) {
        this.parent = parent;
    }

    SparkSession parent() {
        return parent;
    }
}
