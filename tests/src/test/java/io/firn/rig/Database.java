package io.firn.rig;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;

/** A database of a test's own on a shared server: the source of changes. */
public sealed interface Database permits PostgresDatabase, MariaDbDatabase {
    String name();

    String url();

    /** What topics say between their prefix and the table. */
    String schema();

    /** Where the server's log ends now. */
    LogPosition end();

    /** Where a connector is that wrote down {@code offset}; null while it still takes its snapshot. */
    LogPosition position(JsonNode offset);

    /** The settings of a connector that reads {@code tables} of this database. */
    Map<String, String> connector(String name, String prefix, List<String> tables);

    /** Gives up what the server keeps for a connector. */
    void forget(String connector);

    /** In autocommit, in UTC. */
    default Connection connect() {
        try {
            return DriverManager.getConnection(url());
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** Runs statements in one connection, each as its own transaction. */
    default void execute(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** The first column of the first row. */
    default String value(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : null;
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }
}
