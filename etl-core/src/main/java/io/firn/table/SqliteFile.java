package io.firn.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** The default catalog's database: one SQLite file, shared by every process on this machine. */
final class SqliteFile {
    static final String PREFIX = "jdbc:sqlite:";

    /** Committers wait for each other at the file's lock; each holds it for milliseconds. */
    static final Map<String, String> PROPERTIES = Map.of("jdbc.busy_timeout", "60000");

    // Iceberg creates the first and alters it a moment later; two processes that start together would both alter.
    private static final String[] TABLES = {
        "CREATE TABLE IF NOT EXISTS iceberg_tables(catalog_name VARCHAR(255) NOT NULL,"
                + "table_namespace VARCHAR(255) NOT NULL,table_name VARCHAR(255) NOT NULL,"
                + "metadata_location VARCHAR(1000),previous_metadata_location VARCHAR(1000),"
                + "iceberg_type VARCHAR(5),PRIMARY KEY (catalog_name, table_namespace, table_name))",
        "CREATE TABLE IF NOT EXISTS iceberg_namespace_properties(catalog_name VARCHAR(255) NOT NULL,"
                + "namespace VARCHAR(255) NOT NULL,property_key VARCHAR(255),property_value VARCHAR(1000),"
                + "PRIMARY KEY (catalog_name, namespace, property_key))"
    };

    private SqliteFile() {}

    /** Commits take half as long in this mode, which the file keeps. A rival at this moment may be setting it too. */
    private static void useWriteAheadLog(Statement statement) {
        try {
            statement.execute("PRAGMA journal_mode=WAL");
        } catch (SQLException e) {
            LakeTable.LOG.debug("the catalog's journal mode was left as it is", e);
        }
    }

    static boolean exists(String url) {
        return Files.exists(Path.of(file(url)));
    }

    private static String file(String url) {
        return url.substring(PREFIX.length()).replaceFirst("\\?.*$", "");
    }

    static void prepare(String url) {
        String file = file(url);
        try {
            Class.forName("org.sqlite.JDBC");
            Path parent = Path.of(file).toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            try (Connection connection = DriverManager.getConnection(url);
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout=60000");
                useWriteAheadLog(statement);
                for (String table : TABLES) {
                    statement.execute(table);
                }
            }
        } catch (ClassNotFoundException | IOException | SQLException e) {
            throw new TableException(
                    "The catalog's SQLite file " + file + " cannot be opened: " + e.getMessage()
                            + ". Check that its directory can be written, or set the catalog's uri.",
                    e);
        }
    }
}
