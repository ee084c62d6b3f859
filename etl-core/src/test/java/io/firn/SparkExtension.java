package io.firn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

import io.firn.table.LocalFiles;

/**
 * Gives tests the one local SparkSession of this JVM, with the settings of Firn's own: {@code @ExtendWith(SparkExtension.class)} and a SparkSession
 * parameter. A test that changes settings or registers functions takes {@code spark.newSession()}.
 */
public final class SparkExtension implements BeforeAllCallback, ParameterResolver {
    @Override
    public void beforeAll(ExtensionContext context) {
        SparkSession unused = Shared.SPARK;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == SparkSession.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return Shared.SPARK;
    }

    /** The same session, for a test's own process. */
    public static SparkSession session() {
        return Shared.SPARK;
    }

    private static final class Shared {
        private static final SparkSession SPARK = start();

        private static SparkSession start() {
            Path warehouse = temporary();
            return SparkSession.builder()
                    .master("local[2]")
                    .appName("firn tests")
                    .config("spark.driver.host", "127.0.0.1")
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    .config("spark.ui.enabled", "false")
                    .config("spark.sql.shuffle.partitions", "2")
                    .config("spark.sql.session.timeZone", "UTC")
                    .config("spark.sql.ansi.enabled", "true")
                    .config("spark.sql.artifact.isolation.enabled", "false")
                    .config("spark.sql.catalogImplementation", "in-memory")
                    .config("spark.sql.warehouse.dir", warehouse.toString())
                    .config("spark.hadoop.fs.file.impl", LocalFiles.class.getName())
                    .config("spark.sql.extensions", "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions")
                    .getOrCreate();
        }

        private static Path temporary() {
            try {
                return Files.createTempDirectory("firn-tests");
            } catch (IOException e) {
                throw new IllegalStateException("no temporary directory for the test session", e);
            }
        }
    }
}
