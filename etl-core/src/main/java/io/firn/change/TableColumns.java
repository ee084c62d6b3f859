package io.firn.change;

import java.util.List;

import org.apache.spark.sql.types.DataType;

import io.firn.schema.Column;

/** A table as its changes see it: its columns, where the key columns are among them, and the caller's slots after them. */
final class TableColumns {
    private final List<Column> columns;
    private final int[] keys;
    private final DataType[] keyTypes;
    private final int extraSlots;

    TableColumns(List<Column> columns, List<String> keyNames, int extraSlots) {
        this.columns = List.copyOf(columns);
        this.extraSlots = extraSlots;
        List<String> names = columns.stream().map(Column::name).toList();
        keys = keyNames.stream().mapToInt(names::indexOf).toArray();
        keyTypes = new DataType[keys.length];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] < 0) {
                throw new IllegalArgumentException("key column '" + keyNames.get(i) + "' is not a column");
            }
            keyTypes[i] = columns.get(keys[i]).type().toSpark();
        }
    }

    List<Column> columns() {
        return columns;
    }

    int size() {
        return columns.size();
    }

    int extraSlots() {
        return extraSlots;
    }

    int keyCount() {
        return keys.length;
    }

    Column key(int i) {
        return columns.get(keys[i]);
    }

    int keySlot(int i) {
        return keys[i];
    }

    DataType keyType(int i) {
        return keyTypes[i];
    }
}
