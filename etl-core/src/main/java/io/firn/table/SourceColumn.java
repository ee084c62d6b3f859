package io.firn.table;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.JsonPath;

/**
 * A column of a topic's rows, as the position remembers it for the next run.
 *
 * @param type null: it is a field that no column takes, which was told
 * @param from the field that it takes, where that has another name; null: it has the same
 * @param gone whether the source has it no more; the table keeps it
 * @param alternate whether it takes the values of another column since their type changed
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record SourceColumn(
        String name, ColumnType type, boolean required, JsonPath from, boolean gone, boolean alternate) {

    public static SourceColumn of(Column column, boolean gone, boolean alternate) {
        return new SourceColumn(column.name(), column.type(), column.required(), column.path(), gone, alternate);
    }

    /** A field that no column takes. */
    public static SourceColumn ignored(String field) {
        return new SourceColumn(field, null, false, null, false, false);
    }

    public Column column() {
        return new Column(name, type, from, null, required, null);
    }
}
