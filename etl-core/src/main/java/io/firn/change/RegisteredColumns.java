package io.firn.change;

import java.util.List;
import java.util.Locale;

import org.apache.avro.Schema;

import io.firn.change.ChangeFormat.Language;
import io.firn.registry.RegisteredSchema;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;

/** The columns of a table as a registry's schemas tell them, without any message. */
public final class RegisteredColumns {
    private final ConnectSchema row;
    private final List<String> key;

    private RegisteredColumns(ConnectSchema row, List<String> key) {
        this.row = row;
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
        return new RegisteredColumns(meaning(format, value).row(), keys);
    }

    /** All columns of the source's table; throws IllegalArgumentException when no type holds one, and names it. */
    public MessageColumns columns() {
        return MessageColumns.of(row, key);
    }

    /** Whether a topic is none of a table's, but one that connectors write beside changes. */
    public boolean isOther(String topic) {
        return OtherMessages.isHeartbeat(topic) || row.name().startsWith(MessageColumns.CONNECTORS);
    }

    /** Whether a column takes every value of its field as it is: as text, or as the number that it is sent as. */
    public boolean takesAll(Column column) {
        ConnectSchema field = row.fields().get(column.location().keys().get(0));
        if (field == null) {
            return false;
        }
        try {
            ConnectTypes.encoded(column, field);
            return column.type() == Scalar.STRING
                    || (column.type() == Scalar.LONG && ConnectTypes.natural(field) == Scalar.TIMESTAMP);
        } catch (IllegalArgumentException e) {
            return false;
        }
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
