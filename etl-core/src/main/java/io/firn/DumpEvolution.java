package io.firn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.apache.spark.sql.SparkSession;

import io.firn.EvolvedEvent.NewColumn;
import io.firn.init.ColumnGrowth;
import io.firn.init.ColumnGrowth.Standing;
import io.firn.init.ColumnYaml;
import io.firn.init.Discovery;
import io.firn.load.AsideFile;
import io.firn.load.AsideJob;
import io.firn.load.LoadPlan;
import io.firn.load.Staged;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.TypeChange;
import io.firn.table.ChangeOrigin;
import io.firn.table.EvolvedColumn;
import io.firn.table.LakeTable;
import io.firn.table.TableName;

/**
 * What becomes of lines that hold what no column takes: their tables gain columns, in commits of their own, and then the
 * lines are loaded. The dump is not read again for that.
 */
final class DumpEvolution {
    private static final int TRIES = 20;

    private final LoadedPipeline pipeline;
    private final SparkSession spark;
    private final Catalogs catalogs;
    private final LoadPlans plans;

    DumpEvolution(LoadedPipeline pipeline, SparkSession spark, Catalogs catalogs, LoadPlans plans) {
        this.pipeline = pipeline;
        this.spark = spark;
        this.catalogs = catalogs;
        this.plans = plans;
    }

    /**
     * A load with all its lines.
     *
     * @param tables as they are now
     * @param overtaken a rival's columns were made for other values than these: the load has to be made again
     */
    record Settled(List<EventTable> tables, Staged staged, boolean overtaken, List<EvolvedEvent> evolved) {}

    /** A table with new columns, and whether a rival gave it some that the load did not know of. */
    private record Grown(EventTable table, boolean rival, EvolvedEvent evolved) {}

    /** The columns whose values changed though their policy forbids it, as a message for people; empty: none did. */
    private Optional<String> stopped(List<EventTable> tables, Map<Integer, Discovery> found) {
        List<String> stops = new ArrayList<>();
        found.forEach((event, discovery) -> tables.get(event).columns().decoded().stream()
                .filter(column -> column.onTypeChange() == TypeChange.FAIL
                        && discovery.changedColumns().contains(column.name()))
                .forEach(column -> stops.add(stop(tables.get(event), column, discovery))));
        return stops.isEmpty()
                ? Optional.empty()
                : Optional.of("values came to have a type that their column does not hold, so nothing was loaded:\n"
                        + String.join("\n", stops));
    }

    private String stop(EventTable table, Column column, Discovery found) {
        String event = table.event().name();
        boolean listed = table.columns().listed().contains(column);
        Column accepting = ColumnGrowth.accepting(column, found);
        String then = accepting.onTypeChange() == TypeChange.NEW_COLUMN
                ? "   (they go to a column of their own; on-type-change: quarantine refuses such lines instead)"
                : accepting.onTypeChange() == TypeChange.QUARANTINE ? "   (such lines are then refused)" : "";
        return "  table " + table.event().target().table() + ", column " + column.name() + " ("
                + column.type().text() + "): " + found.lines(column.name()) + ". To accept them, "
                + (listed ? "write" : "list the column") + " under events." + event + ".columns in " + pipeline.file()
                + ":\n      - " + ColumnYaml.of(accepting) + then;
    }

    /**
     * Loads what was set aside, with columns for it.
     *
     * @param plan that set it aside
     * @param staged what the plan loaded
     * @param publishing discards all when the load comes to nothing; where too many lines are refused, no table gains
     *     columns
     * @throws FirnException when a change is of a kind that the YAML wants to stop at
     */
    Settled settle(LoadPlan plan, List<EventTable> tables, Staged staged, Publishing publishing) {
        tables.stream().filter(table -> !table.failed()).forEach(this::unify);
        if (staged.aside().isEmpty()) {
            return new Settled(tables, staged, false, List.of());
        }
        Map<Integer, Discovery> found = new TreeMap<>(LineSurvey.run(spark, plan, staged.aside()));
        stopped(tables, found).ifPresent(message -> {
            publishing.discard(tables, staged);
            throw new FirnException(ExitCode.FAILED, message);
        });
        Settled settled = settle(plan, tables, staged, found, !publishing.isHeldBack(staged));
        if (settled.overtaken) {
            publishing.discard(settled.tables, settled.staged);
        }
        return settled;
    }

    /** The same for lines that were refused before, and stay where they are when they are again. */
    Settled replay(LoadPlan plan, List<EventTable> tables, Staged staged) {
        return staged.aside().isEmpty()
                ? new Settled(tables, staged, false, List.of())
                : settle(plan, tables, staged, LineSurvey.run(spark, plan, staged.aside()), true);
    }

    private Settled settle(
            LoadPlan plan, List<EventTable> tables, Staged staged, Map<Integer, Discovery> found, boolean grows) {
        List<EventTable> now = new ArrayList<>(tables);
        List<EvolvedEvent> evolved = new ArrayList<>();
        Map<String, Boolean> rivals = new HashMap<>();
        long lines = staged.aside().stream().mapToLong(AsideFile::lines).sum();
        PipelineRun.LOG.info(
                "firn evolve {}: {} lines set aside", pipeline.pipeline().pipeline(), lines);
        ChangeOrigin origin = pipeline.origin(plan.attempt()).from("fields of the day's lines");
        if (grows) {
            found.forEach((event, discovery) -> {
                Grown grown = grow(tables.get(event), discovery, origin);
                now.set(event, grown.table);
                rivals.put(grown.table.event().name(), grown.rival);
                if (grown.evolved != null) {
                    evolved.add(grown.evolved);
                }
            });
        }
        Staged second = AsideJob.run(spark, plan.widened(plans.settled(now, plan)), staged.aside());
        boolean overtaken = rivals.entrySet().stream()
                .anyMatch(rival ->
                        rival.getValue() && second.event(rival.getKey()).misfits() > 0);
        return new Settled(now, staged.plus(second), overtaken, evolved);
    }

    private Grown grow(EventTable before, Discovery found, ChangeOrigin origin) {
        ResolvedEvent event = before.event();
        for (int tries = 0; tries < TRIES; tries++) {
            LakeTable table = catalogs.find(event.target().table())
                    .orElseThrow(() -> new FirnException(
                            ExitCode.FAILED,
                            "table " + event.target().table() + " was dropped while it was loaded; run again"));
            EventTable now = plans.grown(new EventTable(event, table, before.ledger(), null, null));
            ColumnGrowth growth = ColumnGrowth.of(standing(now), found);
            boolean rival = !now.columns().equals(before.columns());
            if (growth.isNone()) {
                return new Grown(now, rival, told(now, growth));
            }
            List<EvolvedColumn> evolved = new ArrayList<>(now.columns().evolved());
            evolved.addAll(growth.added());
            boolean done = catalogs.of(event.target().table())
                    .grow(
                            table,
                            event.target(),
                            now.columns().grown(growth),
                            EventTable.loadColumns(event),
                            evolved,
                            origin);
            if (done) {
                table.refresh();
                EventTable grown = plans.grown(now);
                unify(grown);
                return new Grown(grown, rival, told(now, growth));
            }
        }
        throw new FirnException(
                ExitCode.CONFLICT,
                "table " + event.target().table() + " could not be given columns: others kept changing it; run again");
    }

    /** Columns between which values wander, since their type changed, are shown as one by a view. */
    private void unify(EventTable table) {
        if (table.columns().alternatives().isEmpty()) {
            return;
        }
        TableName name = table.table().name();
        catalogs.of(name)
                .unify(
                        name,
                        EventTable.loadColumns(table.event())
                                .after(table.columns().unified()));
    }

    private static Standing standing(EventTable table) {
        GrownColumns columns = table.columns();
        Set<String> open = new HashSet<>(columns.open().keySet());
        columns.evolved().forEach(column -> open.add(column.column().name()));
        return new Standing(
                columns.decoded(),
                open,
                columns.evolved(),
                types(table.table()),
                table.table().columns(),
                columns.filledNames(table.event()),
                table.event().unknownColumns() == UnknownColumns.EVOLVE);
    }

    private static Map<String, ColumnType> types(LakeTable table) {
        Map<String, ColumnType> types = new HashMap<>();
        table.ownColumns().forEach(column -> types.put(column.name(), column.type()));
        return types;
    }

    /** Null: there is nothing to tell. */
    private static EvolvedEvent told(EventTable table, ColumnGrowth growth) {
        if (growth.isNone() && growth.leftOut().isEmpty()) {
            return null;
        }
        List<NewColumn> columns = new ArrayList<>();
        table.columns().decoded().stream()
                .filter(column -> growth.wider().containsKey(column.name()))
                .map(column -> column.of(growth.wider().get(column.name())))
                .forEach(column -> columns.add(told(column, null, "its type holds more now")));
        growth.added().forEach(column -> columns.add(told(column.column(), column.insteadOf(), note(column))));
        return new EvolvedEvent(
                table.event().name(), table.event().target().table().text(), columns, growth.leftOut());
    }

    private static String note(EvolvedColumn column) {
        boolean json = column.column().type() == Scalar.STRING
                && column.column().format() != null
                && column.column().format().text().equals("json");
        return json ? "JSON text, since no one type holds its values" : null;
    }

    private static NewColumn told(Column column, String insteadOf, String note) {
        String yaml = insteadOf == null ? "- " + ColumnYaml.of(column.onTypeChange(null)) : null;
        return new NewColumn(
                column.name(), column.type().text(), column.location().text(), insteadOf, yaml, note);
    }
}
