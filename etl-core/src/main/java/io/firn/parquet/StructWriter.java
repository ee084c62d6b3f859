package io.firn.parquet;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** A struct; of a row itself, only the fields. */
final class StructWriter extends FieldWriter {
    private final String path;
    private final FieldWriter[] fields;
    private final boolean optional;
    /** The level of a struct that is not null. */
    private final int definition;

    StructWriter(String path, FieldWriter[] fields, boolean optional, int definition) {
        this.path = path;
        this.fields = fields;
        this.optional = optional;
        this.definition = definition;
    }

    @Override
    void write(SpecializedGetters in, int at, int repetition) {
        if (in.isNullAt(at)) {
            if (!optional) {
                throw missing(path);
            }
            absent(repetition, definition - 1);
            return;
        }
        fields(in.getStruct(at, fields.length), repetition);
    }

    void fields(InternalRow row, int repetition) {
        for (int i = 0; i < fields.length; i++) {
            fields[i].write(row, i, repetition);
        }
    }

    @Override
    void absent(int repetition, int level) {
        for (FieldWriter field : fields) {
            field.absent(repetition, level);
        }
    }
}
