package io.firn.rig;

import java.util.Map;
import java.util.TreeMap;

/** The four ways in which the tests' connectors write; each as users have it. */
public enum Messages {
    /** Debezium's defaults, with the schema in every message. */
    SCHEMAS,
    /** Debezium's defaults without schemas: decimals in base64, times as numbers. */
    PLAIN,
    /** Without schemas: exact text for numbers, ISO times, no tombstones. */
    TEXT,
    /** Without schemas, flattened by ExtractNewRecordState, with position and operation added. */
    FLAT;

    private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";

    Map<String, String> settings(Database database) {
        Map<String, String> settings = new TreeMap<>();
        for (String side : new String[] {"key", "value"}) {
            settings.put(side + ".converter", JSON);
            settings.put(side + ".converter.schemas.enable", Boolean.toString(this == SCHEMAS));
        }
        boolean postgres = database instanceof PostgresDatabase;
        switch (this) {
            case SCHEMAS, PLAIN -> {}
            case TEXT -> settings.putAll(postgres ? postgresText() : mariaDbText());
            case FLAT -> settings.putAll(postgres ? postgresFlat() : mariaDbFlat());
        }
        return settings;
    }

    private static Map<String, String> postgresText() {
        return Map.of(
                "decimal.handling.mode", "string",
                "time.precision.mode", "isostring",
                "interval.handling.mode", "string",
                "hstore.handling.mode", "map",
                "binary.handling.mode", "base64",
                "include.unknown.datatypes", "true",
                "tombstones.on.delete", "false");
    }

    private static Map<String, String> mariaDbText() {
        return Map.of(
                "value.converter.decimal.format", "NUMERIC",
                "bigint.unsigned.handling.mode", "precise",
                "time.precision.mode", "isostring",
                "binary.handling.mode", "hex",
                "tombstones.on.delete", "false");
    }

    private static Map<String, String> postgresFlat() {
        return Map.of(
                "decimal.handling.mode", "double",
                "time.precision.mode", "connect",
                "transforms", "unwrap",
                "transforms.unwrap.type", "io.debezium.transforms.ExtractNewRecordState",
                "transforms.unwrap.delete.tombstone.handling.mode", "rewrite-with-tombstone",
                "transforms.unwrap.add.fields", "op,table,lsn,source.ts_ms,txId:txid");
    }

    private static Map<String, String> mariaDbFlat() {
        return Map.of(
                "decimal.handling.mode", "string",
                "time.precision.mode", "connect",
                "transforms", "unwrap",
                "transforms.unwrap.type", "io.debezium.transforms.ExtractNewRecordState",
                "transforms.unwrap.delete.tombstone.handling.mode", "rewrite",
                "transforms.unwrap.add.fields", "op,table,source.ts_ms,source.file,source.pos,gtid");
    }
}
