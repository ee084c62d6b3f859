package io.firn;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

import io.firn.decode.UnknownFields;
import io.firn.function.SqlFunctions;
import io.firn.load.LoadPlan;
import io.firn.load.LoadPlan.EventPlan;
import io.firn.load.LoadPlan.QuarantinePlan;
import io.firn.schema.Column;
import io.firn.schema.JsonPath;
import io.firn.source.JsonDump;
import io.firn.source.Kafka;
import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.transform.RowProgram;
import io.firn.transform.TransformException;

/** What tasks need to know, made of a pipeline and its tables. Transforms are compiled once, before any table is touched. */
final class LoadPlans {
    /** Of a core's heap: the rest is Parquet's buffers while a file closes, rows, and Spark itself. */
    private static final double TASK_SHARE = 0.4;

    private static final int MAX_RECORD_BYTES = 64 << 20;

    private final LoadedPipeline pipeline;
    private final SparkSession spark;
    private final List<RowProgram> programs = new ArrayList<>();

    /** Throws FirnException when an expression is one that Spark refuses. */
    LoadPlans(LoadedPipeline pipeline, SparkSession spark) {
        this.pipeline = pipeline;
        this.spark = spark;
        SqlFunctions.registerAll(spark);
        for (ResolvedEvent event : pipeline.events()) {
            try {
                programs.add(RowProgram.compile(
                        spark, event.columns(), struct(EventTable.appendedColumns(event)), event.transforms()));
            } catch (TransformException e) {
                throw new FirnException(
                        ExitCode.USAGE, pipeline.file() + ": event " + event.name() + ": " + e.getMessage());
            }
        }
    }

    LoadPlan of(DayPlan day, List<EventTable> tables, LakeTable quarantine, String runId, Instant started) {
        JsonDump source = (JsonDump) pipeline.pipeline().source();
        return plan(
                source.eventName(),
                source.eventTime(),
                source.lineLimit(),
                (int) day.date().toEpochDay(),
                tables,
                quarantine,
                runId,
                started,
                day.missing(),
                day.held());
    }

    /** @param missing for partitions that some tables hold already, the events whose tables do not */
    LoadPlan ofRecords(
            Map<String, BitSet> missing,
            List<EventTable> tables,
            LakeTable quarantine,
            String attempt,
            Instant started) {
        Kafka source = (Kafka) pipeline.pipeline().source();
        return plan(
                source.eventName(),
                source.eventTime(),
                MAX_RECORD_BYTES,
                0,
                tables,
                quarantine,
                attempt,
                started,
                missing,
                Set.of());
    }

    private LoadPlan plan(
            JsonPath eventName,
            JsonPath eventTime,
            int limit,
            int quarantineDay,
            List<EventTable> tables,
            LakeTable quarantine,
            String attempt,
            Instant started,
            Map<String, BitSet> missing,
            Set<String> held) {
        List<EventPlan> events = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            events.add(event(tables.get(i), programs.get(i)));
        }
        QuarantinePlan refused = new QuarantinePlan(
                pipeline.pipeline().pipeline(),
                quarantineDay,
                quarantine.writeTarget(LoadColumns.DUMP.after(QuarantineTable.COLUMNS)));
        return new LoadPlan(
                eventName,
                eventTime,
                limit,
                ChronoUnit.MICROS.between(Instant.EPOCH, started),
                attempt,
                events,
                refused,
                missing,
                held,
                taskMemory());
    }

    private static EventPlan event(EventTable table, RowProgram program) {
        ResolvedEvent event = table.event();
        UnknownFields unknown = UnknownFields.valueOf(event.unknownColumns().name());
        return new EventPlan(
                event.name(),
                event.columns(),
                unknown,
                program,
                table.failed()
                        ? null
                        : table.table().writeTarget(LoadColumns.DUMP.after(EventTable.ownColumns(event))));
    }

    private long taskMemory() {
        SparkConf conf = spark.sparkContext().getConf();
        long heap = Runtime.getRuntime().maxMemory();
        int cores = spark.sparkContext().defaultParallelism();
        if (!spark.sparkContext().isLocal()) {
            heap = conf.getSizeAsBytes("spark.executor.memory", "1g");
            cores = conf.getInt("spark.executor.cores", 1);
        }
        return (long) (heap * TASK_SHARE / Math.max(1, cores));
    }

    private static StructType struct(List<Column> columns) {
        return DataTypes.createStructType(columns.stream()
                .map(column ->
                        DataTypes.createStructField(column.name(), column.type().toSpark(), true))
                .toArray(StructField[]::new));
    }
}
