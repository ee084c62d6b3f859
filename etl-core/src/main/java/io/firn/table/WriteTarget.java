package io.firn.table;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.iceberg.Schema;
import org.apache.iceberg.SerializableTable;
import org.apache.iceberg.Table;
import org.apache.iceberg.spark.SparkSchemaUtil;
import org.apache.spark.sql.types.StructType;

import io.firn.schema.Column;

/** All that a task needs to write data files for a table; made on the driver, sent to the executors. */
public final class WriteTarget implements Serializable {
    /**
     * Settings for speed while loading, where the table says nothing; compaction writes as the table says. Small
     * dictionaries give up early on columns that hardly repeat; with small pages the many columns of all open files take
     * little memory, which the collector would have to copy.
     */
    private static final Map<String, String> WHILE_LOADING =
            Map.of("write.parquet.dict-size-bytes", "65536", "write.parquet.page-size-bytes", "131072");

    private static final String CODEC = "write.parquet.compression-codec";

    private final Table table;
    private final Schema schema;
    private final StructType rowType;
    private final Map<String, String> properties;

    private WriteTarget(Table table, Schema schema) {
        this.table = SerializableTable.copyOf(table);
        this.schema = schema;
        this.rowType = SparkSchemaUtil.convert(schema);
        this.properties = new HashMap<>(WHILE_LOADING);
        if ("zstd".equalsIgnoreCase(table.properties().get(CODEC))) {
            // Other codecs have other levels, or none.
            this.properties.put("write.parquet.compression-level", "1");
        }
        this.properties.putAll(table.properties());
    }

    /** @param columns the columns of the rows, in their order, load columns included */
    static WriteTarget of(TableName name, Table table, List<Column> columns) {
        return new WriteTarget(table, new RowSchema(name).of(columns, table.schema()));
    }

    /** The type of the rows that {@link FileSink#write} takes. */
    public StructType rowType() {
        return rowType;
    }

    /**
     * Opens a sink for one task attempt.
     *
     * @param partition the Spark partition, for the files' names
     * @param task the Spark task attempt, for the files' names
     * @param attempt names this run's attempt; no two attempts share file names
     */
    public FileSink open(int partition, long task, String attempt, WriterBudget budget) {
        return new FileSink(this, partition, task, attempt, budget);
    }

    Table table() {
        return table;
    }

    Schema schema() {
        return schema;
    }

    Map<String, String> properties() {
        return properties;
    }
}
