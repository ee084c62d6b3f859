package io.firn.transform;

import java.nio.ByteBuffer;
import java.util.List;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.unsafe.types.UTF8String;

import io.firn.decode.DecodedRow;
import io.firn.decode.LineDecoder;
import io.firn.decode.UnknownFields;
import io.firn.schema.Column;
import io.firn.schema.Rejection;

/** Decodes the JSON text of one column. */
record ExtractStep(String name, List<Column> into, int variable, int row) implements Step {
    @Override
    public Running start(InternalRow[] rows) {
        LineDecoder decoder = LineDecoder.of(into, UnknownFields.REPORT, 0);
        DecodedRow decoded = decoder.row();
        InternalRow absent = new GenericInternalRow(into.size());
        Rejection refusedAbsence = into.stream()
                .filter(Column::required)
                .findFirst()
                .map(c -> new Rejection(c.name(), "required, but " + name + " is null"))
                .orElse(null);
        return variables -> {
            if (variables.isNullAt(variable)) {
                rows[row] = absent;
                return refusedAbsence;
            }
            rows[row] = decoded;
            return decode(decoder, variables.getUTF8String(variable), decoded);
        };
    }

    private Rejection decode(LineDecoder decoder, UTF8String value, DecodedRow decoded) {
        ByteBuffer text = value.getByteBuffer();
        int from = text.arrayOffset() + text.position();
        Rejection refused = decoder.decode(text.array(), from, from + text.remaining(), decoded);
        return refused == null || refused.column() != null ? refused : new Rejection(name, refused.reason());
    }
}
