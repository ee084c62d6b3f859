package io.firn;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

import io.firn.change.PartitionCounts;
import io.firn.change.SchemaWatch;
import io.firn.function.SqlFunctions;
import io.firn.load.ChangePlan;
import io.firn.load.ChangePlan.Meeting;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.JsonPath;
import io.firn.source.Debezium;
import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.table.NewDefaults;
import io.firn.table.RowStatement;
import io.firn.table.StagedChanges.Deletes;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.Mode;
import io.firn.transform.RowProgram;
import io.firn.transform.TransformException;

/**
 * The table of a topic's changes, made what its event says, and the way of rows to it.
 *
 * @param watch what readers tell of schemas; null: nothing
 */
record ChangeTable(ResolvedEvent event, SchemaWatch watch, LakeTable table, RowProgram program) {
    private static final Duration CRASHED = Duration.ofDays(1);

    private static final Column UNAVAILABLE = new Column(
            "firn_unavailable",
            ColumnType.parse("list<string>"),
            null,
            null,
            false,
            "columns whose value the source did not send, as it is large and unchanged");

    /** Throws FirnException when an expression is one that Spark refuses, or the key does not reach the table. */
    static ChangeTable open(TopicContext context, TopicEvent topic) {
        ResolvedEvent event = topic.event();
        RowProgram program = program(context, event);
        TableDefinition target = event.target();
        LakeTable table = context.catalogs()
                .of(target.table())
                .ensure(
                        target,
                        ownColumns(event),
                        LoadColumns.CHANGE,
                        context.pipeline().origin(context.runId(), topic),
                        new NewDefaults(topic.rows().defaults(), target.backfillDefault(), context.started()));
        unify(context, topic, table);
        fill(context, table);
        table.dropLeftoverBranches(CRASHED);
        return new ChangeTable(event, topic.evolution().watch(topic.rows()), table, program);
    }

    /** Columns whose type changed are shown as one by a view. */
    private static void unify(TopicContext context, TopicEvent topic, LakeTable table) {
        if (!topic.rows().alternates().isEmpty()) {
            Set<JsonPath> shared = topic.event().tableColumns().stream()
                    .filter(column -> topic.rows().alternates().contains(column.name()))
                    .map(Column::location)
                    .collect(Collectors.toSet());
            List<Column> columns = ownColumns(topic.event()).stream()
                    .map(column -> shared.contains(column.location()) ? column : column.at(null))
                    .toList();
            context.catalogs().of(table.name()).unify(table.name(), LoadColumns.CHANGE.after(columns));
        }
    }

    /** Older rows take what the source says they have in a column that it added. */
    private static void fill(TopicContext context, LakeTable table) {
        for (NewDefaults.Backfill fill : table.backfills()) {
            String column = '`' + fill.column().replace("`", "``") + '`';
            String type = context.spark()
                    .table(table.name().quoted())
                    .schema()
                    .apply(fill.column())
                    .dataType()
                    .sql();
            String update = "UPDATE " + table.name().quoted() + " SET " + column + " = CAST('"
                    + fill.value().replace("\\", "\\\\").replace("'", "\\'") + "' AS " + type + ") WHERE "
                    + column + " IS NULL AND " + LoadColumns.LOADED_AT + " <= TIMESTAMP '" + fill.until() + "'";
            RowStatement.run(
                    () -> context.spark().sql(update),
                    "The default of new column " + fill.column() + " could not be given to the older rows of "
                            + table.name());
            table.backfilled(fill);
        }
    }

    /** A table as it is, which nothing is done to. */
    static ChangeTable of(TopicContext context, ResolvedEvent event, LakeTable table) {
        return new ChangeTable(event, null, table, program(context, event));
    }

    private static RowProgram program(TopicContext context, ResolvedEvent event) {
        SqlFunctions.registerAll(context.spark());
        try {
            return RowProgram.compile(
                    context.spark(),
                    event.columns(),
                    DataTypes.createStructType(List.of(ChangePlan.METADATA.fields())
                            .subList(0, ChangePlan.KEPT)
                            .toArray(StructField[]::new)),
                    event.transforms());
        } catch (TransformException e) {
            throw new FirnException(
                    ExitCode.USAGE, context.pipeline().file() + ": event " + event.name() + ": " + e.getMessage());
        }
    }

    /** The table's columns without the load columns; what a change may leave unsaid must be allowed to be null. */
    static List<Column> ownColumns(ResolvedEvent event) {
        List<String> keys = event.target().idColumns();
        boolean history = event.target().mode() == Mode.APPEND;
        boolean partial = history || event.target().deletes() == Deletes.SOFT;
        List<Column> columns = new ArrayList<>();
        for (Column column : event.tableColumns()) {
            boolean required = column.required() && !history && (!partial || keys.contains(column.name()));
            columns.add(new Column(
                    column.name(), column.type(), column.path(), column.format(), required, column.comment()));
        }
        if (history) {
            columns.add(UNAVAILABLE);
        }
        return columns;
    }

    ChangePlan plan(TopicContext context, String topic, TopicQuarantine quarantine) {
        List<String> tableColumns =
                event.tableColumns().stream().map(Column::name).toList();
        List<String> keys = new ArrayList<>();
        List<Integer> tableKeys = new ArrayList<>();
        for (String id : event.target().idColumns()) {
            int at = tableColumns.indexOf(id);
            int from = program.untouched(at);
            if (from < 0) {
                throw new FirnException(
                        ExitCode.USAGE,
                        context.pipeline().file() + ": event " + event.name() + ": id column \"" + id
                                + "\" is computed by a transform, but deletes carry only the key as the source has it;"
                                + " leave the column as it is and compute another");
            }
            keys.add(event.columns().get(from).name());
            tableKeys.add(at);
        }
        Mode mode = event.target().mode();
        List<Column> written = new ArrayList<>(LoadColumns.CHANGE.after(event.tableColumns()));
        if (mode == Mode.APPEND) {
            written.add(UNAVAILABLE);
        }
        return new ChangePlan(
                mode == Mode.APPEND ? Meeting.APPEND : Meeting.MERGE,
                topic,
                event.columns(),
                keys,
                tableKeys,
                ((Debezium) context.source()).messages(),
                context.schemas(),
                watch,
                0,
                PartitionCounts.UNKNOWN,
                null,
                List.of(),
                program,
                context.loadedAt(),
                context.runId(),
                context.name(),
                quarantine.table().writeTarget(LoadColumns.DUMP.after(QuarantineTable.COLUMNS)),
                mode == Mode.UPSERT ? null : table.writeTarget(written));
    }
}
