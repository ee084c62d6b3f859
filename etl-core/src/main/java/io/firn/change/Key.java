package io.firn.change;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.apache.spark.sql.catalyst.InternalRow;

/** The values of a row's key columns as catalyst holds them; equal when all values are. */
public final class Key {
    public static final Key NONE = new Key(new Object[0]);

    private final Object[] values;

    private Key(Object[] values) {
        this.values = values;
    }

    /** A key of these values, none of them null. */
    public static Key of(Object... values) {
        if (Arrays.asList(values).contains(null)) {
            throw new IllegalArgumentException("a key has no null values");
        }
        return new Key(values.clone());
    }

    public List<Object> values() {
        return List.of(values);
    }

    Key copy() {
        List<Object> copies = new ArrayList<>();
        for (Object value : values) {
            copies.add(value instanceof byte[] bytes ? bytes.clone() : InternalRow.copyValue(value));
        }
        return new Key(copies.toArray());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && Arrays.deepEquals(values, key.values);
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(values);
    }

    @Override
    public String toString() {
        // Never the values: they are data, and keys get into messages.
        return "Key of " + values.length + " columns";
    }
}
