package io.firn;

import java.io.Serializable;
import java.util.Map;

import io.firn.schema.TypeChange;
import io.firn.table.TableDefinition.Mode;

/**
 * What holds for every event that says nothing else.
 *
 * @param namespace of the tables; null: the pipeline's name in snake case
 * @param mode how rows meet a table; null: upsert for changes of a database, else append
 * @param unknownColumns what happens to keys that no column names; null: report
 * @param onTypeChange what happens when values come to have a type that their column does not hold; null: fail for
 *     changes of a database, else quarantine
 * @param maxQuarantined how much of a day may be quarantined, a count of lines or a ratio such as 0.01; null: 0.01
 * @param properties table properties of every table; null: none
 */
public record Defaults(
        String namespace,
        Mode mode,
        UnknownColumns unknownColumns,
        TypeChange onTypeChange,
        MaxQuarantined maxQuarantined,
        Map<String, String> properties)
        implements Serializable {
    public Defaults {
        unknownColumns = unknownColumns == null ? UnknownColumns.REPORT : unknownColumns;
        maxQuarantined = maxQuarantined == null ? MaxQuarantined.DEFAULT : maxQuarantined;
        properties = properties == null ? Map.of() : properties;
    }

    static Defaults none() {
        return new Defaults(null, null, null, null, null, null);
    }
}
