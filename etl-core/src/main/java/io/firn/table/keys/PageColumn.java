package io.firn.table.keys;

import java.io.IOException;

import org.apache.parquet.column.page.PageReadStore;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.execution.vectorized.ColumnVectorUtils;
import org.apache.spark.sql.execution.vectorized.ConstantColumnVector;
import org.apache.spark.sql.execution.vectorized.OnHeapColumnVector;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.vectorized.ColumnVector;

/** A column of the batches that {@link PageReader} fills. */
interface PageColumn {
    /** The same for all batches. */
    ColumnVector vector();

    /** What follows is read from these pages. */
    default void open(PageReadStore pages) throws IOException {}

    /** Fills the vector with the next rows, which lie at these positions of the file. */
    void read(int rows, long[] positions) throws IOException;

    /** The same value everywhere, as Spark holds it. */
    static PageColumn constant(Object value, DataType type, int rows) {
        ColumnVector vector = vector(new GenericInternalRow(new Object[] {value}), 0, type, rows);
        return new PageColumn() {
            @Override
            public ColumnVector vector() {
                return vector;
            }

            @Override
            public void read(int count, long[] positions) {}
        };
    }

    /** The positions themselves. */
    static PageColumn positions(int rows) {
        OnHeapColumnVector vector = new OnHeapColumnVector(rows, DataTypes.LongType);
        return new PageColumn() {
            @Override
            public ColumnVector vector() {
                return vector;
            }

            @Override
            public void read(int count, long[] positions) {
                vector.putLongs(0, count, positions, 0);
            }
        };
    }

    /**
     * A column of format 3's row lineage: what is stored, else what the rows of the file have in common.
     *
     * @param stored null: nothing is
     * @param perPosition added for each position
     */
    static PageColumn inherited(PageColumn stored, long common, int perPosition, int rows) {
        OnHeapColumnVector vector = new OnHeapColumnVector(rows, DataTypes.LongType);
        return new PageColumn() {
            @Override
            public ColumnVector vector() {
                return vector;
            }

            @Override
            public void open(PageReadStore pages) throws IOException {
                if (stored != null) {
                    stored.open(pages);
                }
            }

            @Override
            public void read(int count, long[] positions) throws IOException {
                if (stored != null) {
                    stored.read(count, positions);
                }
                for (int row = 0; row < count; row++) {
                    boolean known = stored != null && !stored.vector().isNullAt(row);
                    vector.putLong(row, known ? stored.vector().getLong(row) : common + perPosition * positions[row]);
                }
            }
        };
    }

    private static ConstantColumnVector vector(InternalRow values, int ordinal, DataType type, int rows) {
        ConstantColumnVector vector = new ConstantColumnVector(rows, type);
        if (type instanceof StructType struct && !values.isNullAt(ordinal)) {
            InternalRow fields = values.getStruct(ordinal, struct.size());
            for (int i = 0; i < struct.size(); i++) {
                vector.setChild(i, vector(fields, i, struct.fields()[i].dataType(), rows));
            }
            vector.setNotNull();
        } else {
            ColumnVectorUtils.populate(vector, values, ordinal);
        }
        return vector;
    }
}
