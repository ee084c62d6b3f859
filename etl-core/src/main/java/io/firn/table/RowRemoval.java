package io.firn.table;

import java.util.Set;

import org.apache.spark.sql.SparkSession;

/** Deletes the rows of source files on a branch of a table, in one commit. */
@FunctionalInterface
public interface RowRemoval {

    /**
     * Deletes them.
     *
     * @param branch the branch's table name for SQL, quoted
     */
    void deleteRowsOf(Set<String> files, String branch);

    /** By Spark SQL. */
    static RowRemoval by(SparkSession spark) {
        return (files, branch) ->
                spark.sql("DELETE FROM " + branch + " WHERE " + LoadColumns.FILE + " IN " + SqlLiterals.list(files));
    }
}
