package io.firn.table.keys;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.ScanTask;
import org.apache.iceberg.ScanTaskGroup;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.iceberg.util.PropertyUtil;
import org.apache.spark.sql.connector.read.InputPartition;

/** What a partition of Iceberg's scan holds. Iceberg keeps its class to itself (1.11, SparkInputPartition). */
record ScanPartition(Table table, FileIO io, Schema projection, boolean caseSensitive, List<? extends ScanTask> tasks) {
    private static final Set<Integer> METADATA = Set.of(
            MetadataColumns.FILE_PATH.fieldId(),
            MetadataColumns.ROW_POSITION.fieldId(),
            MetadataColumns.SPEC_ID.fieldId(),
            MetadataColumns.PARTITION_COLUMN_ID,
            MetadataColumns.ROW_ID.fieldId(),
            MetadataColumns.LAST_UPDATED_SEQUENCE_NUMBER.fieldId());

    /** Whether it has nothing but Parquet files, without equality deletes and nested columns, and may be read so. */
    static boolean readByColumns(InputPartition partition) {
        return of(partition).map(ScanPartition::byColumns).orElse(false);
    }

    private boolean byColumns() {
        boolean allowed = PropertyUtil.propertyAsBoolean(
                table.properties(),
                TableProperties.PARQUET_VECTORIZATION_ENABLED,
                TableProperties.PARQUET_VECTORIZATION_ENABLED_DEFAULT);
        return allowed
                && projection.columns().stream().allMatch(ScanPartition::readByColumns)
                && tasks.stream().allMatch(ScanPartition::readByColumns);
    }

    private static boolean readByColumns(NestedField field) {
        return METADATA.contains(field.fieldId())
                || (field.type().isPrimitiveType() && !MetadataColumns.isMetadataColumn(field.fieldId()));
    }

    private static boolean readByColumns(ScanTask task) {
        return task.isFileScanTask()
                && !task.isDataTask()
                && task.asFileScanTask().file().format() == FileFormat.PARQUET
                && task.asFileScanTask().deletes().stream()
                        .allMatch(file -> file.content() == FileContent.POSITION_DELETES);
    }

    /** Empty where it is none of Iceberg's, or of an Iceberg that is made otherwise. */
    static Optional<ScanPartition> of(InputPartition partition) {
        try {
            ScanTaskGroup<?> group = call(partition, "taskGroup", ScanTaskGroup.class);
            return Optional.of(new ScanPartition(
                    call(partition, "table", Table.class),
                    call(partition, "io", FileIO.class),
                    call(partition, "projection", Schema.class),
                    call(partition, "isCaseSensitive", Boolean.class),
                    List.copyOf(group.tasks())));
        } catch (ReflectiveOperationException e) {
            return Optional.empty();
        }
    }

    private static <T> T call(InputPartition partition, String method, Class<T> type)
            throws ReflectiveOperationException {
        Method getter = partition.getClass().getMethod(method);
        getter.setAccessible(true);
        return type.cast(getter.invoke(partition));
    }
}
