package io.firn;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

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
import io.firn.source.JsonDump;
import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.transform.RowProgram;
import io.firn.transform.TransformException;

/** What tasks need to know, made of a pipeline and its tables. Transforms are compiled once, before any table is touched. */
final class LoadPlans {
    /** Of a core's heap: the rest is Parquet's buffers while a file closes, rows, and Spark itself. */
    private static final double TASK_SHARE = 0.4;

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
        List<EventPlan> events = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            events.add(event(tables.get(i), programs.get(i)));
        }
        QuarantinePlan refused = new QuarantinePlan(
                pipeline.pipeline().pipeline(),
                (int) day.date().toEpochDay(),
                quarantine.writeTarget(LoadColumns.DUMP.after(QuarantineTable.COLUMNS)));
        return new LoadPlan(
                source.eventName(),
                source.eventTime(),
                source.lineLimit(),
                ChronoUnit.MICROS.between(Instant.EPOCH, started),
                runId,
                events,
                refused,
                day.missing(),
                day.held(),
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
