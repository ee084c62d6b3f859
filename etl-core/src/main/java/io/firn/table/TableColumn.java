package io.firn.table;

import java.io.Serializable;
import java.util.Map;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.DefaultValue;
import io.firn.schema.TypeChange;

/**
 * A column of a table that is defined under {@code ddl/}.
 *
 * @param name its name
 * @param type its type, structs and lists included
 * @param required no row may lack it
 * @param comment what it means, kept in the table; null: nothing is said
 * @param initialDefault what rows read that were written before the column existed; takes format-version 3; null: they
 *     read null
 * @param onTypeChange what happens when its source's values come to have a type that it does not hold; null: as the
 *     pipeline says
 * @param sensitivity what kind of data it holds, such as pii; kept in this file alone; null: not told
 * @param renamedFrom the name that it had in the table, whose values it keeps; null: it was not renamed
 * @param renamedFields fields within its type that were renamed: path within the column to the name that it had; null:
 *     none
 */
public record TableColumn(
        String name,
        ColumnType type,
        boolean required,
        String comment,
        DefaultValue initialDefault,
        TypeChange onTypeChange,
        String sensitivity,
        String renamedFrom,
        Map<String, String> renamedFields)
        implements Serializable {

    /** The column as a pipeline's rows have it. */
    public Column column() {
        return new Column(name, type, null, null, required, comment, onTypeChange);
    }
}
