package io.firn;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

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
import io.firn.schema.ColumnType.Decimal;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.JsonPath;
import io.firn.schema.TypeChange;
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

    private static final Set<TypeChange> WATCHED = EnumSet.of(TypeChange.FAIL, TypeChange.NEW_COLUMN);

    private static final int MAX_RECORD_BYTES = 64 << 20;

    private final LoadedPipeline pipeline;
    private final SparkSession spark;
    private final StagingPlace staging;
    private final List<RowProgram> programs = new ArrayList<>();

    /** Throws FirnException when an expression is one that Spark refuses. */
    LoadPlans(LoadedPipeline pipeline, SparkSession spark) {
        this.pipeline = pipeline;
        this.spark = spark;
        staging = new StagingPlace(pipeline, spark.sparkContext().hadoopConfiguration());
        SqlFunctions.registerAll(spark);
        for (ResolvedEvent event : pipeline.events()) {
            programs.add(compile(event, GrownColumns.none(event)));
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
            UnknownColumns unknown = tables.get(i).event().unknownColumns();
            events.add(event(i, tables.get(i), UnknownFields.valueOf(unknown.name())));
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
                sets(events) ? staging.folder(UUID.randomUUID().toString()) : null,
                taskMemory());
    }

    /** Whether some line may have to wait for wider columns. */
    private static boolean sets(List<EventPlan> events) {
        return events.stream()
                .anyMatch(event -> event.unknown() == UnknownFields.EVOLVE
                        || event.columns().stream().anyMatch(column -> WATCHED.contains(column.onTypeChange())));
    }

    /** The tables' events for what {@code plan} set aside: what still finds no column is reported. */
    List<EventPlan> settled(List<EventTable> tables, LoadPlan plan) {
        List<EventPlan> events = new ArrayList<>();
        for (int i = 0; i < tables.size(); i++) {
            UnknownFields before = plan.events().get(i).unknown();
            events.add(event(i, tables.get(i), before == UnknownFields.EVOLVE ? UnknownFields.REPORT : before));
        }
        return events;
    }

    /** The table with the columns that it has by now. */
    EventTable grown(EventTable table) {
        if (table.failed() || !(pipeline.pipeline().source() instanceof JsonDump)) {
            return table;
        }
        RowProgram program = programs.get(pipeline.events().indexOf(table.event()));
        return table.with(GrownColumns.of(table.event(), table.table(), program));
    }

    private EventPlan event(int index, EventTable table, UnknownFields unknown) {
        ResolvedEvent event = table.event();
        GrownColumns columns = table.columns();
        return new EventPlan(
                event.name(),
                watched(columns),
                columns.alternatives(),
                unknown,
                columns.isPlain(event) ? programs.get(index) : compile(event, columns),
                table.failed() ? null : table.table().writeTarget(LoadColumns.DUMP.after(columns.own())));
    }

    /** A column that runs added is widened where that is possible, whatever the policy says of other changes. */
    private static List<Column> watched(GrownColumns columns) {
        List<Column> all = new ArrayList<>(columns.listed());
        columns.evolved().forEach(evolved -> {
            Column column = evolved.column();
            boolean widens =
                    column.type() == Scalar.INT || column.type() == Scalar.FLOAT || column.type() instanceof Decimal;
            all.add(widens ? column.onTypeChange(TypeChange.NEW_COLUMN) : column);
        });
        return all;
    }

    private RowProgram compile(ResolvedEvent event, GrownColumns columns) {
        List<Column> passed = new ArrayList<>();
        columns.evolved().forEach(evolved -> passed.add(evolved.column()));
        passed.addAll(EventTable.appendedColumns(event));
        try {
            return RowProgram.compile(spark, columns.listed(), struct(passed), event.transforms());
        } catch (TransformException e) {
            throw new FirnException(
                    ExitCode.USAGE, pipeline.file() + ": event " + event.name() + ": " + e.getMessage());
        }
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
