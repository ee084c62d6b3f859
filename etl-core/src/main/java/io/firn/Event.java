package io.firn;

import java.io.Serializable;
import java.util.List;

import io.firn.schema.Column;
import io.firn.schema.TypeChange;
import io.firn.table.TableDefinition;
import io.firn.transform.Transform;

/**
 * One type of event and its table.
 *
 * @param columns what is decoded from each line; the table's columns are these after the transforms; null: as messages
 *     with a schema tell, for changes alone
 * @param transforms steps from decoded columns to the table's columns, in order; null: none
 * @param target the table; null: all defaults
 * @param unknownColumns what happens to keys that no column names; null: as the defaults say
 * @param onTypeChange what happens when values come to have a type that their column does not hold; null: as the defaults
 *     say
 */
public record Event(
        List<Column> columns,
        List<Transform> transforms,
        TableDefinition target,
        UnknownColumns unknownColumns,
        TypeChange onTypeChange)
        implements Serializable {
    public Event {
        columns = columns == null ? List.of() : columns;
        transforms = transforms == null ? List.of() : transforms;
        target = target == null ? new TableDefinition(null, null, null, null, null, null, null, null, null) : target;
    }

    /** The same event with its table's files elsewhere. */
    Event at(String location) {
        return new Event(columns, transforms, target.at(location), unknownColumns, onTypeChange);
    }
}
