package io.firn.change;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/**
 * A schema that the table's columns do not take, and the first record of a partition that has it.
 *
 * @param name what people call the schema
 * @param columns the source's table as it tells it; null: as {@code problem} says
 * @param whole columns that hold all values of their field under it
 * @param some columns that hold those values that happen to fit
 * @param problem why no columns can be made of it; null: they can
 * @param time of the record in Kafka, milliseconds since 1970
 */
public record StrangeSchema(
        String name,
        MessageColumns columns,
        Set<String> whole,
        Set<String> some,
        String problem,
        int partition,
        long offset,
        long time)
        implements Serializable {
    private static final int NOWHERE = -1;

    /** As the source's table had them, as far as that is known: records of partitions have no other order. */
    public static final Comparator<StrangeSchema> OLDEST_FIRST = Comparator.comparingLong(StrangeSchema::time)
            .thenComparingInt(StrangeSchema::partition)
            .thenComparingLong(StrangeSchema::offset);

    static Optional<StrangeSchema> of(RecordPlan plan, String name, KafkaRecord first) {
        return plan.strange.map(found -> new StrangeSchema(
                name,
                found.columns(),
                found.whole(),
                found.some(),
                found.problem(),
                first.partition(),
                first.offset(),
                first.timestamp()));
    }

    /** One that no record is known to have. */
    static Optional<StrangeSchema> of(RecordPlan plan, String name) {
        return plan.strange.map(found -> new StrangeSchema(
                name, found.columns(), found.whole(), found.some(), found.problem(), NOWHERE, NOWHERE, NOWHERE));
    }

    /** Where it was met, for people. */
    public String place() {
        return partition == NOWHERE ? name : name + ", first in partition " + partition + " at offset " + offset;
    }
}
