package io.firn.table;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A change that a table's schema or layout went through.
 *
 * @param when it was made; null: others than Firn made it, and the table does not say when
 * @param by who made it
 * @param origin the run and its source; null: others than Firn
 * @param schema Iceberg's id of the schema since then; null: the schema stayed as it was
 * @param changes what was done, for people
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SchemaChange(Instant when, By by, ChangeOrigin origin, Integer schema, List<String> changes) {
    public SchemaChange {
        changes = List.copyOf(changes);
    }

    /** Who changes tables. */
    public enum By {
        RUN,
        APPLY,
        OTHERS
    }
}
