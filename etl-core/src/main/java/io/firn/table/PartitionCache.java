package io.firn.table;

import java.util.List;

import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Where rows of the same partition went lately, found without evaluating the partition: by the hour or day of the one
 * time that it comes from, or by the number itself. Evaluating costs as much as writing several columns.
 */
final class PartitionCache<T> {
    private static final int SLOTS = 64;
    private static final long NOT_CACHED = Long.MIN_VALUE;
    private static final long HOUR = 3_600_000_000L;

    /** The row's slot that the partition comes from; -1: there is but one partition. */
    private final int source;

    private final boolean isInt;
    /** So many neighbouring numbers are surely in one partition; 0: nothing is cached. */
    private final long width;

    private final long[] keys = new long[SLOTS];
    private final Object[] values = new Object[SLOTS];

    PartitionCache(PartitionSpec spec, Schema schema) {
        if (spec.isUnpartitioned()) {
            source = -1;
            isInt = false;
            width = 1;
            return;
        }
        PartitionField field = spec.fields().get(0);
        List<NestedField> columns = schema.columns();
        NestedField column = columns.stream()
                .filter(any -> any.fieldId() == field.sourceId())
                .findFirst()
                .orElse(null);
        source = columns.indexOf(column);
        isInt = column != null && isInt(column.type());
        width = spec.fields().size() == 1 && column != null
                ? width(column.type(), field.transform().toString())
                : 0;
    }

    /** What to look for, for a row. */
    long key(InternalRow row) {
        if (source < 0) {
            return 0;
        }
        if (width == 0 || row.isNullAt(source)) {
            return NOT_CACHED;
        }
        long value = isInt ? row.getInt(source) : row.getLong(source);
        return Math.floorDiv(value, width);
    }

    @SuppressWarnings("unchecked")
    T get(long key) {
        int slot = (int) key & (SLOTS - 1);
        return keys[slot] == key && key != NOT_CACHED ? (T) values[slot] : null;
    }

    void put(long key, T value) {
        if (key != NOT_CACHED) {
            int slot = (int) key & (SLOTS - 1);
            keys[slot] = key;
            values[slot] = value;
        }
    }

    /** Forgets it wherever it is. */
    void remove(T value) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (values[slot] == value) {
                values[slot] = null;
            }
        }
    }

    private static boolean isInt(Type type) {
        return type.typeId() == Type.TypeID.INTEGER || type.typeId() == Type.TypeID.DATE;
    }

    private static long width(Type type, String transform) {
        return switch (type.typeId()) {
            case INTEGER, DATE, LONG -> 1;
            case TIMESTAMP ->
                switch (transform) {
                    case "hour" -> HOUR;
                    case "day", "month", "year" -> 24 * HOUR;
                    default -> 1;
                };
            default -> 0;
        };
    }
}
