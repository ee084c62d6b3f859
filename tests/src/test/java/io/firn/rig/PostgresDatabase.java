package io.firn.rig;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

/** A database of the shared PostgreSQL; its tables are in the schema {@code public}. */
public record PostgresDatabase(int port, String name) implements Database {
    @Override
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + name
                + "?user=postgres&options=-c%20TimeZone=UTC%20-c%20IntervalStyle=postgres";
    }

    @Override
    public String schema() {
        return "public";
    }

    @Override
    public LogPosition end() {
        return new LogPosition(0, Long.parseLong(value("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")));
    }

    @Override
    public LogPosition position(JsonNode offset) {
        boolean snapshot = offset.hasNonNull("snapshot")
                && !offset.path("snapshot_completed").asBoolean(false);
        return snapshot ? null : new LogPosition(0, offset.path("lsn").asLong());
    }

    @Override
    public Map<String, String> connector(String connector, String prefix, List<String> tables) {
        return new TreeMap<>(Map.ofEntries(
                Map.entry("connector.class", "io.debezium.connector.postgresql.PostgresConnector"),
                Map.entry("plugin.name", "pgoutput"),
                Map.entry("database.hostname", "127.0.0.1"),
                Map.entry("database.port", Integer.toString(port)),
                Map.entry("database.user", "postgres"),
                Map.entry("database.password", "postgres"),
                Map.entry("database.dbname", name),
                Map.entry("topic.prefix", prefix),
                Map.entry("slot.name", connector),
                Map.entry("publication.name", connector),
                Map.entry("publication.autocreate.mode", "filtered"),
                Map.entry(
                        "table.include.list",
                        tables.stream().map(t -> "public\\." + t).collect(Collectors.joining(",")))));
    }

    /** Ends the connector's walsender first, which may still hold the slot. */
    @Override
    public void forget(String connector) {
        execute("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '" + connector
                + "' AND active");
        Await.until(
                "slot " + connector + " is free",
                () -> value("SELECT 1 FROM pg_replication_slots WHERE slot_name = '" + connector + "' AND active")
                        == null);
        execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '" + connector
                        + "'",
                "DROP PUBLICATION IF EXISTS " + connector);
    }
}
