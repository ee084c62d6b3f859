package io.firn.rig;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A database of the shared MariaDB.
 *
 * @param historyFolder where connectors keep the history of tables
 */
public record MariaDbDatabase(int port, String name, String historyFolder) implements Database {
    /** The user that every connection of the rig is. */
    static final String USER = "firn";

    @Override
    public String url() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + name + "?user=" + USER + "&password=" + USER
                + "&sslMode=disable&allowPublicKeyRetrieval=true&timezone=UTC&forceConnectionTimeZoneToSession=true";
    }

    @Override
    public String schema() {
        return name;
    }

    @Override
    public LogPosition end() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW BINLOG STATUS")) {
            rows.next();
            return position(rows.getString("File"), rows.getLong("Position"));
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @Override
    public LogPosition position(JsonNode offset) {
        boolean snapshot = offset.hasNonNull("snapshot")
                && !offset.path("snapshot_completed").asBoolean(false);
        return snapshot || !offset.hasNonNull("file")
                ? null
                : position(offset.path("file").asText(), offset.path("pos").asLong());
    }

    private static LogPosition position(String file, long place) {
        return new LogPosition(Long.parseLong(file.substring(file.lastIndexOf('.') + 1)), place);
    }

    @Override
    public Map<String, String> connector(String connector, String prefix, List<String> tables) {
        return new TreeMap<>(Map.ofEntries(
                Map.entry("connector.class", "io.debezium.connector.mariadb.MariaDbConnector"),
                Map.entry("database.hostname", "127.0.0.1"),
                Map.entry("database.port", Integer.toString(port)),
                Map.entry("database.user", USER),
                Map.entry("database.password", USER),
                Map.entry("database.ssl.mode", "disable"),
                Map.entry(
                        "database.server.id", Integer.toString(1_000 + Math.floorMod(connector.hashCode(), 1_000_000))),
                Map.entry("database.include.list", name),
                Map.entry("topic.prefix", prefix),
                Map.entry("schema.history.internal", "io.debezium.storage.file.history.FileSchemaHistory"),
                Map.entry("schema.history.internal.file.filename", historyFolder + "/" + connector + ".history"),
                Map.entry("schema.history.internal.store.only.captured.tables.ddl", "true"),
                Map.entry("include.schema.changes", "false"),
                Map.entry(
                        "table.include.list",
                        tables.stream().map(t -> name + "\\." + t).collect(Collectors.joining(",")))));
    }

    @Override
    public void forget(String connector) {
        // The server keeps nothing for a reader of its log.
    }
}
