package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.spark.sql.SparkSession;

import io.firn.table.CatalogDefinition;
import io.firn.table.MergeSessions;

/** A session on a catalog of its own, for merges. */
record MergeSession(SparkSession spark, MergeTables tables, MergeSessions sessions) {
    static MergeSession open(Path work) throws IOException {
        Files.createDirectories(work);
        CatalogDefinition definition =
                new CatalogDefinition(null, null, work.resolve("warehouse").toString(), null, null, null);
        SparkSession.Builder builder = SparkSession.builder()
                .master("local[2]")
                .appName("bench")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "4")
                .config("spark.local.dir", work.resolve("spark-local").toString());
        definition.sparkConf("lake").forEach(builder::config);
        SparkSession spark = builder.getOrCreate();
        return new MergeSession(spark, new MergeTables(spark, definition), new MergeSessions(spark));
    }
}
