package io.firn.table;

import java.util.Collection;
import java.util.List;
import java.util.UUID;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Deletes rows of a quarantine whose lines a table holds by now. */
public final class QuarantinedRows {
    private QuarantinedRows() {}

    /**
     * Deletes them; done again it deletes nothing more.
     *
     * @param files the source files whose rows to look at
     */
    public static void deleteLoaded(
            SparkSession spark, TableName quarantine, String pipeline, TableName table, Collection<String> files) {
        delete(
                spark,
                quarantine,
                pipeline,
                "SELECT 1 FROM " + table.quoted() + " t WHERE t." + LoadColumns.FILE + " IN " + SqlLiterals.list(files)
                        + " AND ");
    }

    /** Deletes those whose lines are in staged files: an upserted table need not hold what it was given. */
    public static void deleteStaged(
            SparkSession spark, TableName quarantine, String pipeline, List<StagedFile> staged) {
        String view = "firn_replayed_" + UUID.randomUUID().toString().replace('-', '_');
        spark.read()
                .schema(new StructType()
                        .add(LoadColumns.FILE, DataTypes.StringType)
                        .add(LoadColumns.OFFSET, DataTypes.LongType))
                .parquet(staged.stream().map(StagedFile::path).toArray(String[]::new))
                .createOrReplaceTempView(view);
        try {
            delete(spark, quarantine, pipeline, "SELECT 1 FROM " + view + " t WHERE ");
        } finally {
            spark.catalog().dropTempView(view);
        }
    }

    /** @param loaded a query over {@code t}, up to its last condition */
    private static void delete(SparkSession spark, TableName quarantine, String pipeline, String loaded) {
        String statement = "DELETE FROM " + quarantine.quoted() + " q WHERE q.pipeline = " + SqlLiterals.text(pipeline)
                + " AND EXISTS (" + loaded + "t." + LoadColumns.FILE + " = q." + LoadColumns.FILE + " AND t."
                + LoadColumns.OFFSET + " = q." + LoadColumns.OFFSET + ")";
        RowStatement.run(
                () -> spark.sql(statement), "Rows that are loaded by now could not be deleted from " + quarantine);
    }
}
