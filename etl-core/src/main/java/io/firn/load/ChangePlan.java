package io.firn.load;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

import io.firn.change.ChangeDecoder;
import io.firn.change.ChangeFormat;
import io.firn.change.PartitionCounts;
import io.firn.change.Position;
import io.firn.change.SchemaWatch;
import io.firn.change.SnapshotMark;
import io.firn.registry.Schemas;
import io.firn.schema.Column;
import io.firn.table.TopicState;
import io.firn.table.WriteTarget;
import io.firn.transform.RowProgram;

/**
 * What every task that reads the changes of one topic knows.
 *
 * @param meeting how rows are to meet the table
 * @param topic its name
 * @param columns what is decoded
 * @param keys the names of those of them that name a row; empty for a table that only takes appends
 * @param tableKeys where the table's columns hold the keys, in the order of {@code keys}
 * @param schemas those of the format's registry; null where it has none
 * @param watch what of the source's schemas is told
 * @param epoch the first number of positions
 * @param counts how many partitions the topic has had
 * @param floor changes before it are void; null: none are
 * @param marks of snapshots that the table took rows of
 * @param program the transforms, with {@link #METADATA} passed through but for the last
 * @param loadedAt the run's start, microseconds since the epoch
 * @param attempt names this try; no two tries share file names
 * @param pipeline whose run refuses records
 * @param quarantine where refused records go
 * @param target where rows go that meet the table as files of its own; null where they are merged
 */
public record ChangePlan(
        Meeting meeting,
        String topic,
        List<Column> columns,
        List<String> keys,
        List<Integer> tableKeys,
        ChangeFormat format,
        Schemas schemas,
        SchemaWatch watch,
        int epoch,
        PartitionCounts counts,
        Position floor,
        List<SnapshotMark> marks,
        RowProgram program,
        long loadedAt,
        String attempt,
        String pipeline,
        WriteTarget quarantine,
        WriteTarget target)
        implements Serializable {

    /** How rows are to meet the table. */
    public enum Meeting {
        /** The last change of each key, staged for a merge. */
        MERGE,
        /** Every change, in files of the table. */
        APPEND
    }

    /** What follows the columns in every row: Firn's own columns, and the columns that the source did not send. */
    public static final StructType METADATA = DataTypes.createStructType(new StructField[] {
        field("firn_position", DataTypes.StringType),
        field("firn_op", DataTypes.StringType),
        field("firn_source_time", DataTypes.TimestampType),
        field("firn_loaded_at", DataTypes.TimestampType),
        field("firn_unavailable", new ArrayType(DataTypes.IntegerType, false))
    });

    /** The record as it came, where it may still be refused: when its row needs values that the source did not send. */
    public static final StructType RECORD = DataTypes.createStructType(new StructField[] {
        field("firn_record_key", DataTypes.BinaryType),
        field("firn_value", DataTypes.BinaryType),
        field("firn_timestamp", DataTypes.LongType),
        field("firn_origin", DataTypes.StringType)
    });

    /** What of {@link #METADATA} a table keeps. */
    public static final int KEPT = 4;

    /** Where decoded rows hold a key column. */
    int keySlot(int key) {
        return columns.stream().map(Column::name).toList().indexOf(keys.get(key));
    }

    /**
     * The same plan for another try.
     *
     * @param held what the table holds; null: nothing yet
     * @param counts how many partitions the topic has had
     * @param more marks, besides the one that is held
     */
    public ChangePlan after(TopicState held, PartitionCounts counts, List<SnapshotMark> more, String newAttempt) {
        List<SnapshotMark> all = new ArrayList<>(more);
        if (held != null && held.snapshot() != null) {
            all.add(0, held.snapshot());
        }
        return new ChangePlan(
                meeting,
                topic,
                columns,
                keys,
                tableKeys,
                format,
                schemas,
                watch,
                held == null ? 0 : held.epoch(),
                counts,
                held == null || held.floor() == null ? null : Position.parse(held.floor()),
                List.copyOf(all),
                program,
                loadedAt,
                newAttempt,
                pipeline,
                quarantine,
                target);
    }

    ChangeDecoder decoder() {
        return new ChangeDecoder(columns, keys, format, schemas, watch, epoch, counts, 0);
    }

    /** Decoded rows on their way to the fold: columns, {@link #METADATA}, {@link #RECORD}, whether the row goes on under another key, and the key. */
    StructType wire() {
        StructType wire = new StructType();
        for (Column column : columns) {
            wire = wire.add(column.name(), column.type().toSpark(), true);
        }
        StructType key = new StructType();
        for (String name : keys) {
            key = key.add(name, columns.get(keySlot(keys.indexOf(name))).type().toSpark(), false);
        }
        for (StructField field : METADATA.fields()) {
            wire = wire.add(field);
        }
        for (StructField field : RECORD.fields()) {
            wire = wire.add(field);
        }
        return wire.add("firn_moved", DataTypes.BooleanType, false).add("firn_key", key, false);
    }

    /** Rows as they are staged: the table's columns, {@link #METADATA} and {@link #RECORD}. */
    StructType staged() {
        StructType staged = new StructType();
        StructField[] output = program.output().fields();
        for (int i = 0; i < output.length - KEPT; i++) {
            staged = staged.add(output[i].name(), output[i].dataType(), true);
        }
        for (StructField field : METADATA.fields()) {
            staged = staged.add(field);
        }
        for (StructField field : RECORD.fields()) {
            staged = staged.add(field);
        }
        return staged;
    }

    private static StructField field(String name, org.apache.spark.sql.types.DataType type) {
        return DataTypes.createStructField(name, type, true);
    }
}
