package io.firn.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.days;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.get_json_object;

import java.nio.file.Path;
import java.util.List;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

import io.firn.schema.Column;

/** What plain Spark does with a dump; the arguments are the way, the day's directory, the day, the number of types. */
enum Baseline {
    /** Only what every side pays: the JVM and the session. */
    START {
        @Override
        void load(SparkSession spark, String dump, List<EventType> types) {
            spark.range(1).collectAsList();
        }
    },
    /** One read with the declared schema, one filter, one append per type. */
    READ_PER_TYPE {
        @Override
        void load(SparkSession spark, String dump, List<EventType> types) throws Exception {
            for (EventType type : types) {
                StructType schema = document(type).add("event", DataTypes.StringType);
                append(
                        spark.read()
                                .schema(schema)
                                .json(dump)
                                .filter(col("event").equalTo(type.name())),
                        "",
                        type);
            }
        }
    },
    /** The text read once and kept, the event name cut out of it, then one append per type. */
    PERSIST {
        @Override
        void load(SparkSession spark, String dump, List<EventType> types) throws Exception {
            Dataset<Row> lines = spark.read()
                    .text(dump)
                    .withColumn("event", get_json_object(col("value"), "$.event"))
                    .persist(StorageLevel.MEMORY_AND_DISK());
            for (EventType type : types) {
                Dataset<Row> documents = lines.filter(col("event").equalTo(type.name()))
                        .select(from_json(col("value"), document(type)).as("line"));
                append(documents, "line.", type);
            }
            lines.unpersist(true);
        }
    };

    abstract void load(SparkSession spark, String dump, List<EventType> types) throws Exception;

    public static void main(String[] args) throws Exception {
        try (SparkSession spark = new Lake(Path.of("").toAbsolutePath()).session()) {
            valueOf(args[0]).load(spark, args[1], EventType.all(Integer.parseInt(args[3]), args[2]));
        }
    }

    private static void append(Dataset<Row> documents, String prefix, EventType type) throws Exception {
        Dataset<Row> rows = documents.select(type.columns().stream()
                .map(c -> col(prefix + c.location().text()).as(c.name()))
                .toArray(org.apache.spark.sql.Column[]::new));
        rows.writeTo(Lake.table(type)).partitionedBy(days(col("event_time"))).create();
    }

    /** The declared schema of a type's documents: its columns put back where they lie. */
    private static StructType document(EventType type) {
        StructType schema = new StructType();
        for (Column column : type.columns()) {
            schema = with(schema, column.location().keys(), column.type().toSpark());
        }
        return schema;
    }

    private static StructType with(StructType schema, List<String> keys, DataType type) {
        String key = keys.get(0);
        if (keys.size() == 1) {
            return schema.add(key, type);
        }
        List<String> below = keys.subList(1, keys.size());
        boolean known = List.of(schema.fieldNames()).contains(key);
        if (!known) {
            return schema.add(key, with(new StructType(), below, type));
        }
        StructType changed = new StructType();
        for (org.apache.spark.sql.types.StructField field : schema.fields()) {
            DataType same = field.dataType();
            changed = changed.add(field.name(), field.name().equals(key) ? with((StructType) same, below, type) : same);
        }
        return changed;
    }
}
