package io.firn.transform;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecificInternalRow;
import org.apache.spark.sql.types.StructType;

import io.firn.schema.ColumnType;
import io.firn.schema.Rejection;

/** Casts one column. */
record ConvertStep(String name, int variable, ColumnType from, ColumnType to, int row) implements Step {
    @Override
    public Running start(InternalRow[] rows) {
        Conversion conversion = Conversion.of(from, to);
        SpecificInternalRow result = new SpecificInternalRow(new StructType().add(name, to.toSpark()));
        rows[row] = result;
        return variables -> convert(conversion, variables, result);
    }

    private Rejection convert(Conversion conversion, InternalRow variables, SpecificInternalRow result) {
        if (variables.isNullAt(variable)) {
            result.setNullAt(0);
            return null;
        }
        String reason = conversion.apply(variables, variable, result);
        return reason == null ? null : new Rejection(name, reason);
    }
}
