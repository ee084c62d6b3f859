package io.firn.table;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Where a change of a table's schema comes from, for the table's history.
 *
 * @param run the run that makes it; null: {@code firn apply}
 * @param pipeline the run's pipeline; null: {@code firn apply}
 * @param source what the new schema was read from, such as {@code ddl/shop/orders.yaml} or {@code registry id 17}; null:
 *     Firn itself says what the table is
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ChangeOrigin(String run, String pipeline, String source) {

    /** A change that {@code firn apply} makes. */
    public static ChangeOrigin apply(String source) {
        return new ChangeOrigin(null, null, source);
    }

    /** The same run reading from elsewhere. */
    public ChangeOrigin from(String other) {
        return new ChangeOrigin(run, pipeline, other);
    }
}
