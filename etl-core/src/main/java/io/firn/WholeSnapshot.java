package io.firn;

import java.util.Set;

import org.apache.spark.sql.SparkSession;

import io.firn.load.Snapshots;
import io.firn.source.OffsetPlan;
import io.firn.table.LoadColumns;
import io.firn.table.TableName;
import io.firn.table.TopicState;

/**
 * The newest snapshot that a batch holds the last row of, from which a table is loaded whole if its first is there too.
 *
 * @param held what the table holds; null: nothing yet
 */
record WholeSnapshot(
        SparkSession spark, TableName table, String topic, TopicState held, OffsetPlan batch, Snapshots snapshots) {

    /** Whether it is here from its first row to its last. */
    boolean isHere() {
        return snapshots.shown() != null && (snapshots.began() || beginsHere());
    }

    /** Throws FirnException when it is not, which leaves the table as it was. */
    void require() {
        if (!isHere()) {
            String why = "";
            if (snapshots.firstAlone()) {
                why = ". Of the newest its first row alone is there. If that is the only row of the source's table, and"
                        + " Debezium read other tables after it, it never marks the row as the last: let it take a"
                        + " blocking snapshot of this table alone, or name another table before it in"
                        + " table.include.list";
            } else if (snapshots.shown() != null) {
                why = ". Of the newest the last row is there and not the first, which brokers may have deleted";
            }
            throw new FirnException(
                    ExitCode.SOURCE_NOT_READY,
                    "topic " + topic + " holds no whole snapshot, from its first row to its last, after where table "
                            + table + " stands; the table is as it was. Let Debezium take one and run again" + why);
        }
    }

    /** Whether no row of it can lie before the batch: the one row of a table is never marked as first. */
    private boolean beginsHere() {
        Set<Integer> unsure = snapshots.unsure(batch.from());
        if (unsure.isEmpty()) {
            return true;
        }
        boolean taken = held != null
                && unsure.stream()
                        .allMatch(partition -> held.next(topic, partition).isPresent());
        // What was taken of it before would be in the table.
        return taken
                && spark.sql("SELECT 1 FROM " + table.quoted() + " WHERE " + LoadColumns.POSITION + " >= '"
                                        + snapshots.shown() + "' LIMIT 1")
                                .count()
                        == 0;
    }
}
