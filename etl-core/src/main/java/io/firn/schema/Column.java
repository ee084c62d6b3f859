package io.firn.schema;

import java.io.Serializable;

/**
 * One column decoded from JSON.
 *
 * @param name the column's name in the row that the transforms see
 * @param type its type
 * @param path where its value lies; null: the key equal to the name
 * @param format how times, binary and JSON text are written; null: iso for times, base64 for binary
 * @param required a missing or null value quarantines the line
 * @param comment the column's comment in the table, or null
 * @param onTypeChange what happens when values come to have a type that the column does not hold; null: as the event says
 */
public record Column(
        String name,
        ColumnType type,
        JsonPath path,
        Format format,
        boolean required,
        String comment,
        TypeChange onTypeChange)
        implements Serializable {

    /** A column that leaves to its event what happens when its source's type changes. */
    public Column(String name, ColumnType type, JsonPath path, Format format, boolean required, String comment) {
        this(name, type, path, format, required, comment, null);
    }

    /** The same column for values that lie elsewhere. */
    public Column at(JsonPath place) {
        return new Column(name, type, place, format, required, comment, onTypeChange);
    }

    /** The same column of another type. */
    public Column of(ColumnType other) {
        return new Column(name, other, path, format, required, comment, onTypeChange);
    }

    /** The same column, whose value may be null. */
    public Column relaxed() {
        return new Column(name, type, path, format, false, comment, onTypeChange);
    }

    /** The same column, with what happens when its source's type changes. */
    public Column onTypeChange(TypeChange change) {
        return new Column(name, type, path, format, required, comment, change);
    }

    /** Where the value lies: the path given, else the key equal to the name. */
    public JsonPath location() {
        return path == null ? new JsonPath(java.util.List.of(name)) : path;
    }
}
