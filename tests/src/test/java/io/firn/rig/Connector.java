package io.firn.rig;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import com.fasterxml.jackson.databind.JsonNode;

/** A running Debezium connector on one database; closing it removes it and its slot, its topics stay. */
public final class Connector implements AutoCloseable {
    private static final String MARKER = "firn_marker";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Connect connect;
    private final Database database;
    private final String name;
    private final String prefix;

    private Connector(Connect connect, Database database, String name, String prefix) {
        this.connect = connect;
        this.database = database;
        this.name = name;
        this.prefix = prefix;
    }

    /** What a connector is to be; each has topics of its own unless told a prefix. */
    public static final class Plan {
        private final Connect connect;
        private final Database database;
        private final List<String> tables;
        private final Map<String, String> settings = new TreeMap<>();
        private final String name = "firn_" + COUNT.incrementAndGet();
        private Messages messages = Messages.SCHEMAS;
        private String prefix = name;

        Plan(Connect connect, Database database, List<String> tables) {
            this.connect = connect;
            this.database = database;
            this.tables = List.copyOf(tables);
        }

        public Plan messages(Messages chosen) {
            messages = chosen;
            return this;
        }

        /** The first part of the topics' names; a second connector with the prefix of a first writes to its topics. */
        public Plan prefix(String chosen) {
            prefix = chosen;
            return this;
        }

        /** Debezium's defaults in Avro, with the schemas in a registry. */
        public Plan avro(Registry registry) {
            for (String side : new String[] {"key", "value"}) {
                settings.put(side + ".converter", "io.apicurio.registry.utils.converter.AvroConverter");
                settings.put(side + ".converter.apicurio.registry.url", registry.own());
                settings.put(side + ".converter.apicurio.registry.auto-register", "true");
                settings.put(side + ".converter.apicurio.registry.as-confluent", "true");
                settings.put(side + ".converter.apicurio.registry.headers.enabled", "false");
                settings.put(side + ".converter.apicurio.registry.use-id", "contentId");
            }
            return this;
        }

        /** A setting of the connector, over the rig's. */
        public Plan with(String key, String value) {
            settings.put(key, value);
            return this;
        }

        /** Returns when its tasks run; the snapshot may still be under way. */
        public Connector start() {
            database.execute("CREATE TABLE IF NOT EXISTS " + MARKER + " (id bigint PRIMARY KEY)");
            List<String> captured = new ArrayList<>(tables);
            captured.add(MARKER);
            Map<String, String> all = database.connector(name, prefix, captured);
            all.put("tasks.max", "1");
            all.put("poll.interval.ms", "50");
            all.putAll(messages.settings(database));
            all.putAll(settings);
            connect.create(name, all);
            return new Connector(connect, database, name, prefix);
        }
    }

    public String prefix() {
        return prefix;
    }

    public String topic(String table) {
        return prefix + "." + database.schema() + "." + table;
    }

    /** Returns when everything that was committed before this call is in Kafka. */
    public void catchUp() {
        LogPosition end = database.end();
        Await.until(name + " came to " + end, () -> {
            connect.awaitRunning(name);
            JsonNode offset = connect.offset(name);
            LogPosition position = offset == null ? null : database.position(offset);
            if (position != null && position.compareTo(end) >= 0) {
                return true;
            }
            mark();
            return false;
        });
    }

    /** Returns when tables may be truncated: MariaDB refuses the snapshot of one that is truncated meanwhile. */
    public void awaitTruncatable() {
        if (database instanceof MariaDbDatabase) {
            catchUp();
        }
    }

    /** A change after everything else, since a connector only tells of places where it found one. */
    private void mark() {
        database.execute("INSERT INTO " + MARKER + " SELECT coalesce(max(id), 0) + 1 FROM " + MARKER);
    }

    @Override
    public void close() {
        connect.delete(name);
        database.forget(name);
    }
}
