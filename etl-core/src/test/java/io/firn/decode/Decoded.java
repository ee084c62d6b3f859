package io.firn.decode;

import java.util.Arrays;
import java.util.List;

import io.firn.schema.Column;
import io.firn.schema.Rejection;

/** What became of one line. */
record Decoded(List<Object> values, Rejection rejection) {
    static Decoded of(String line, Column... columns) {
        return of(Samples.utf8(line), columns);
    }

    static Decoded of(byte[] line, Column... columns) {
        LineDecoder decoder = LineDecoder.of(Arrays.asList(columns), UnknownFields.REPORT, 0);
        DecodedRow row = decoder.row();
        Rejection rejection = decoder.decode(line, 0, line.length, row);
        return new Decoded(rejection == null ? RowValues.of(row, Arrays.asList(columns)) : null, rejection);
    }

    /** The value of the only column, or the reason why there is none. */
    Object outcome() {
        return rejection == null ? values.get(0) : "! " + rejection.reason();
    }
}
