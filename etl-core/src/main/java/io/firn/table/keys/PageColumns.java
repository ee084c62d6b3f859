package io.firn.table.keys;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.Schema;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.vectorized.ColumnVector;
import org.apache.spark.sql.vectorized.ColumnarBatch;

/** The columns of a scan as one file has them: stored in it, or known without it. */
final class PageColumns {
    private static final int ROW_ID = MetadataColumns.ROW_ID.fieldId();
    private static final int LAST_UPDATED = MetadataColumns.LAST_UPDATED_SEQUENCE_NUMBER.fieldId();

    private final MessageType file;
    private final Map<Integer, ?> constants;
    private final int rowsAtOnce;
    /** What is read of the file, by the ids of fields. */
    private final Map<Integer, ColumnDescriptor> stored = new HashMap<>();

    private final List<PageColumn> columns = new ArrayList<>();
    private ColumnarBatch batch;

    private PageColumns(MessageType file, Map<Integer, ?> constants, int rowsAtOnce) {
        this.file = file;
        this.constants = constants;
        this.rowsAtOnce = rowsAtOnce;
    }

    /**
     * Empty where a column is missing in the file, or stored in a way that is not decoded here.
     *
     * @param constants of fields, by their ids
     */
    static Optional<PageColumns> of(MessageType file, Schema read, Map<Integer, ?> constants, int rowsAtOnce) {
        PageColumns columns = new PageColumns(file, constants, rowsAtOnce);
        for (NestedField field : read.columns()) {
            Optional<PageColumn> column = columns.column(field);
            if (column.isEmpty()) {
                return Optional.empty();
            }
            columns.columns.add(column.get());
        }
        columns.batch = new ColumnarBatch(
                columns.columns.stream().map(PageColumn::vector).toArray(ColumnVector[]::new));
        return Optional.of(columns);
    }

    /** A field's column in the file; empty: it is not read from there. */
    Optional<ColumnDescriptor> stored(int id) {
        return Optional.ofNullable(stored.get(id));
    }

    /** All columns that are read from the file. */
    List<ColumnDescriptor> stored() {
        return List.copyOf(stored.values());
    }

    void open(PageReadStore pages) throws IOException {
        for (PageColumn column : columns) {
            column.open(pages);
        }
    }

    /** The next rows, which lie at these positions of the file; valid until the next call. */
    ColumnarBatch read(int rows, long[] positions) throws IOException {
        for (PageColumn column : columns) {
            column.read(rows, positions);
        }
        batch.setNumRows(rows);
        return batch;
    }

    void close() {
        batch.close();
    }

    private Optional<PageColumn> column(NestedField field) {
        int id = field.fieldId();
        DataType type = SparkSchemaUtil.convert(field.type());
        if (id == ROW_ID || id == LAST_UPDATED) {
            return lineage(field, type);
        }
        if (constants.containsKey(id)) {
            return Optional.of(PageColumn.constant(constants.get(id), type, rowsAtOnce));
        }
        if (id == MetadataColumns.ROW_POSITION.fieldId()) {
            return Optional.of(PageColumn.positions(rowsAtOnce));
        }
        return stored(field, type);
    }

    /** As the specification of format 3 says; files from before have none. */
    private Optional<PageColumn> lineage(NestedField field, DataType type) {
        if (constants.get(ROW_ID) == null || constants.get(LAST_UPDATED) == null) {
            return Optional.of(PageColumn.constant(null, type, rowsAtOnce));
        }
        long common = (Long) constants.get(field.fieldId());
        int perPosition = field.fieldId() == ROW_ID ? 1 : 0;
        return find(field.fieldId()).isEmpty()
                ? Optional.of(PageColumn.inherited(null, common, perPosition, rowsAtOnce))
                : stored(field, type).map(column -> PageColumn.inherited(column, common, perPosition, rowsAtOnce));
    }

    private Optional<PageColumn> stored(NestedField field, DataType type) {
        return find(field.fieldId())
                .filter(found -> StoredColumn.decodes(found, field.type()))
                .map(found -> {
                    ColumnDescriptor column = file.getColumnDescription(new String[] {found.getName()});
                    stored.put(field.fieldId(), column);
                    return new StoredColumn(column, type, rowsAtOnce);
                });
    }

    private Optional<Type> find(int id) {
        return file.getFields().stream()
                .filter(type -> type.getId() != null && type.getId().intValue() == id)
                .findFirst();
    }
}
