package io.firn.parquet;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;

/** A list, or a map as the list of its entries. */
final class RepeatedWriter extends FieldWriter {
    private final String path;
    private final boolean optional;
    /** The level of a list that is not null. */
    private final int definition;
    /** The level of every element but the first. */
    private final int repetition;
    /** Of a map, or null. */
    private final FieldWriter keys;

    private final FieldWriter elements;

    RepeatedWriter(
            String path, boolean optional, int definition, int repetition, FieldWriter keys, FieldWriter elements) {
        this.path = path;
        this.optional = optional;
        this.definition = definition;
        this.repetition = repetition;
        this.keys = keys;
        this.elements = elements;
    }

    @Override
    void write(SpecializedGetters in, int at, int first) {
        if (in.isNullAt(at)) {
            if (!optional) {
                throw missing(path);
            }
            absent(first, definition - 1);
        } else if (keys == null) {
            ArrayData list = in.getArray(at);
            each(elements, list, list.numElements(), first);
        } else {
            MapData map = in.getMap(at);
            each(keys, map.keyArray(), map.numElements(), first);
            each(elements, map.valueArray(), map.numElements(), first);
        }
    }

    private void each(FieldWriter writer, ArrayData values, int count, int first) {
        if (count == 0) {
            writer.absent(first, definition);
            return;
        }
        writer.write(values, 0, first);
        for (int i = 1; i < count; i++) {
            writer.write(values, i, repetition);
        }
    }

    @Override
    void absent(int first, int level) {
        if (keys != null) {
            keys.absent(first, level);
        }
        elements.absent(first, level);
    }
}
