package io.firn.table.keys;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Optional;

import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.spark.sql.execution.datasources.parquet.VectorizedColumnReader;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.execution.vectorized.WritableColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** A column that a file stores, decoded by Spark. */
final class StoredColumn implements PageColumn {
    private static final String UTC = "UTC";
    private static final String CORRECTED = "CORRECTED";
    /** Spark keeps it to itself (4.1). Null: this Spark has another. */
    private static final Method READ_BATCH = readBatch();

    private final ColumnDescriptor column;
    private final OnHeapColumnVector vector;
    private VectorizedColumnReader reader;

    StoredColumn(ColumnDescriptor column, DataType type, int rows) {
        this.column = column;
        this.vector = new OnHeapColumnVector(rows, type);
    }

    /** Whether what is stored so can be decoded to this type as it is. */
    static boolean decodes(org.apache.parquet.schema.Type stored, Type to) {
        if (READ_BATCH == null || !stored.isPrimitive() || stored.isRepetition(Repetition.REPEATED)) {
            return false;
        }
        PrimitiveTypeName name = stored.asPrimitiveType().getPrimitiveTypeName();
        Optional<LogicalTypeAnnotation> annotation = Optional.ofNullable(stored.getLogicalTypeAnnotation());
        return switch (to.typeId()) {
            case INTEGER -> name == PrimitiveTypeName.INT32 && annotation.isEmpty();
            case LONG -> name == PrimitiveTypeName.INT64 && annotation.isEmpty();
            case BINARY -> name == PrimitiveTypeName.BINARY && annotation.isEmpty();
            case STRING -> annotation.equals(Optional.of(LogicalTypeAnnotation.stringType()));
            case DATE -> annotation.equals(Optional.of(LogicalTypeAnnotation.dateType()));
            case TIMESTAMP -> {
                boolean utc = ((Types.TimestampType) to).shouldAdjustToUTC();
                yield annotation.equals(Optional.of(LogicalTypeAnnotation.timestampType(utc, TimeUnit.MICROS)));
            }
            default -> false;
        };
    }

    @Override
    public ColumnVector vector() {
        return vector;
    }

    @Override
    public void open(PageReadStore pages) throws IOException {
        boolean required = column.getPrimitiveType().isRepetition(Repetition.REQUIRED);
        reader = new VectorizedColumnReader(column, required, pages, null, CORRECTED, UTC, CORRECTED, UTC, null);
    }

    @Override
    public void read(int rows, long[] positions) throws IOException {
        vector.reset();
        try {
            READ_BATCH.invoke(reader, rows, vector, null, null);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IOException("column " + column + " cannot be decoded", e);
        }
    }

    private static Method readBatch() {
        try {
            Method method = VectorizedColumnReader.class.getDeclaredMethod(
                    "readBatch",
                    int.class,
                    WritableColumnVector.class,
                    WritableColumnVector.class,
                    WritableColumnVector.class);
            method.setAccessible(true);
            return method;
        } catch (NoSuchMethodException e) {
            return null;
        }
    }
}
