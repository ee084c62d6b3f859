package io.firn.decode;

import org.apache.spark.sql.catalyst.util.MapData;

/** A decoded map with string keys, in the order of the document. */
final class DecodedMap extends MapData {
    private final DecodedList keys;
    private final DecodedList values;

    DecodedMap(DecodedList keys, DecodedList values) {
        this.keys = keys;
        this.values = values;
    }

    @Override
    public int numElements() {
        return keys.numElements();
    }

    @Override
    public DecodedList keyArray() {
        return keys;
    }

    @Override
    public DecodedList valueArray() {
        return values;
    }

    @Override
    public DecodedMap copy() {
        return new DecodedMap(keys.copy(), values.copy());
    }
}
