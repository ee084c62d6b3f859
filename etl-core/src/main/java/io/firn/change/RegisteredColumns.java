package io.firn.change;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.apache.avro.Schema;

import io.firn.change.ChangeFormat.Language;
import io.firn.registry.RegisteredSchema;
import io.firn.schema.Column;

/** The columns of a table as a registry's schemas tell them, without any message. */
public final class RegisteredColumns {
    private final ConnectSchema value;
    private final ConnectSchema row;
    private final List<String> key;

    private RegisteredColumns(ConnectSchema value, List<String> key) {
        this.value = value;
        this.row = value.row();
        this.key = key;
    }

    /**
     * Reads the schemas of values and of keys.
     *
     * @param key null: messages have no key
     * @throws IllegalArgumentException if they cannot be understood, or are of another language than the format says
     */
    public static RegisteredColumns of(ChangeFormat format, RegisteredSchema value, RegisteredSchema key) {
        List<String> keys = key == null
                ? List.of()
                : List.copyOf(meaning(format, key).fields().keySet());
        return new RegisteredColumns(meaning(format, value), keys);
    }

    /** All columns of the source's table; throws IllegalArgumentException when no type holds one, and names it. */
    public MessageColumns columns() {
        return MessageColumns.of(row, key, null);
    }

    /** Whether values are Debezium's envelopes and not rows alone. */
    public boolean isEnvelope() {
        return value.isEnvelope();
    }

    /** Whether a topic is none of a table's, but one that connectors write beside changes. */
    public boolean isOther(String topic) {
        return OtherMessages.isHeartbeat(topic) || value.name().startsWith(MessageColumns.CONNECTORS);
    }

    /**
     * What of the schema the columns of a topic's rows do not take; empty: they take all.
     *
     * @param name what people call the schema
     */
    public Optional<StrangeSchema> strange(String name, ChangeFormat format, List<Column> columns, SchemaWatch watch) {
        return StrangeSchema.of(new RecordPlan(new TableColumns(columns, List.of(), 0), format, value, watch), name);
    }

    private static ConnectSchema meaning(ChangeFormat format, RegisteredSchema registered) {
        String wanted = format.type() == Language.AVRO ? RegisteredSchema.AVRO : RegisteredSchema.JSON;
        if (!registered.kind().equals(wanted)) {
            throw new IllegalArgumentException("it is of type " + registered.kind() + ", and format says type: "
                    + format.type().name().toLowerCase(Locale.ROOT));
        }
        if (format.type() == Language.JSON) {
            return JsonSchemas.meaning(registered.text());
        }
        Schema schema = AvroShape.parse(registered);
        AvroShape.of(schema);
        return AvroMeaning.of(schema);
    }
}
