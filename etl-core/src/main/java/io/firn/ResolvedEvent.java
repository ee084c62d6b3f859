package io.firn;

import java.io.Serializable;
import java.util.List;

import io.firn.schema.Column;
import io.firn.schema.TypeChange;
import io.firn.table.TableDefinition;
import io.firn.transform.Transform;

/**
 * An event with everything filled in that the YAML left to defaults.
 *
 * @param name as the lines say it
 * @param columns what is decoded
 * @param transforms the steps to the table's columns
 * @param tableColumns the table's columns, without Firn's own
 * @param target the table; nothing in it is null except the location, which is then the catalog's choice
 * @param unknownColumns what happens to keys that no column names
 * @param onTypeChange what happens when a column that says nothing else does not hold its values' type any more
 */
public record ResolvedEvent(
        String name,
        List<Column> columns,
        List<Transform> transforms,
        List<Column> tableColumns,
        TableDefinition target,
        UnknownColumns unknownColumns,
        TypeChange onTypeChange)
        implements Serializable {}
