package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.spark.sql.SparkSession;

/** The catalog of one side: SQLite and a warehouse below a directory, as Firn lays it out by default. */
record Lake(Path home) {
    static final String NAMESPACE = "lake.bench";

    /** Plain Spark: its own defaults but for what a user of two cores would set. */
    SparkSession session() throws IOException {
        Path lake = Files.createDirectories(home.resolve("lake"));
        return SparkSession.builder()
                .master("local[2]")
                .appName("bench")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "localhost")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", "4")
                .config("spark.sql.warehouse.dir", lake.resolve("spark").toString())
                .config("spark.local.dir", home.resolve("spark-local").toString())
                .config("spark.sql.catalog.lake", "org.apache.iceberg.spark.SparkCatalog")
                .config("spark.sql.catalog.lake.catalog-impl", "org.apache.iceberg.jdbc.JdbcCatalog")
                .config("spark.sql.catalog.lake.uri", "jdbc:sqlite:" + lake.resolve("catalog.db"))
                .config("spark.sql.catalog.lake.jdbc.schema-version", "V1")
                .config(
                        "spark.sql.catalog.lake.warehouse",
                        lake.resolve("warehouse").toString())
                .config("spark.sql.catalog.lake.cache-enabled", "false")
                .getOrCreate();
    }

    static String table(EventType type) {
        return NAMESPACE + "." + type.name();
    }
}
