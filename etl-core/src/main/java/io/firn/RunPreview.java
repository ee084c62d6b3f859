package io.firn;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.apache.hadoop.conf.Configuration;

import io.firn.config.ConfigException;
import io.firn.init.ColumnYaml;
import io.firn.schema.Column;
import io.firn.source.JsonDump;
import io.firn.table.LakeCatalog;
import io.firn.table.LakeTable;
import io.firn.table.PartitionField;
import io.firn.table.SchemaPlan;
import io.firn.table.SourceFile;
import io.firn.table.TableException;

/**
 * What a run of a day would do; nothing is written to find out.
 *
 * @param files of the day
 * @param toRead those that some table lacks
 * @param bytes of those, as stored
 */
public record RunPreview(String pipeline, String date, int files, int toRead, long bytes, List<TablePreview> tables) {
    private static final SchemaPlan UNKNOWN = new SchemaPlan(false, List.of(), Map.of(), List.of());

    /**
     * One table.
     *
     * @param evolvedColumns that earlier runs added and the YAML does not list, each as the YAML would list it
     * @param files that it lacks
     * @param changed files that are not what they were when they were loaded; {@code --replace} loads them anew
     * @param error why its catalog or its ledger cannot be used, or null
     */
    public record TablePreview(
            String event,
            String table,
            boolean create,
            List<String> partitionBy,
            List<String> addedColumns,
            List<String> widenedColumns,
            List<String> relaxedColumns,
            List<String> evolvedColumns,
            Map<String, String> properties,
            List<String> conflicts,
            int files,
            List<String> changed,
            String error) {}

    /** Whether a run would change anything. */
    public boolean changes() {
        return toRead > 0
                || tables.stream()
                        .anyMatch(t -> t.create
                                || !t.addedColumns.isEmpty()
                                || !t.widenedColumns.isEmpty()
                                || !t.relaxedColumns.isEmpty()
                                || !t.properties.isEmpty());
    }

    /** Whether a run would stop, or leave a table out. */
    public boolean blocked() {
        return tables.stream().anyMatch(t -> !t.conflicts.isEmpty() || !t.changed.isEmpty() || t.error != null);
    }

    public static RunPreview of(LoadedPipeline pipeline, Catalogs catalogs, LocalDate date, Configuration hadoop) {
        JsonDump source = (JsonDump) pipeline.pipeline().source();
        List<SourceFile> listed = source.list(date, hadoop);
        List<EventTable> tables = new ArrayList<>();
        List<TablePreview> previews = new ArrayList<>();
        for (ResolvedEvent event : pipeline.events()) {
            EventTable table = find(event, catalogs, pipeline.pipeline().pipeline());
            tables.add(table);
            previews.add(preview(table, catalogs, date, listed));
        }
        List<SourceFile> read = DayPlan.of(date, listed, tables, false).toRead();
        return new RunPreview(
                pipeline.pipeline().pipeline(),
                date.toString(),
                listed.size(),
                read.size(),
                read.stream().mapToLong(SourceFile::size).sum(),
                previews);
    }

    private static EventTable find(ResolvedEvent event, Catalogs catalogs, String pipeline) {
        try {
            Optional<LakeTable> table = catalogs.existing(event.target().table())
                    .flatMap(catalog -> catalog.find(event.target().table()));
            return new EventTable(
                    event,
                    table.orElse(null),
                    table.map(t -> t.ledger(pipeline)).orElse(null),
                    null,
                    null);
        } catch (RuntimeException e) {
            return new EventTable(event, null, null, e, null);
        }
    }

    private static TablePreview preview(EventTable table, Catalogs catalogs, LocalDate date, List<SourceFile> listed) {
        ResolvedEvent event = table.event();
        DayPlan day = DayPlan.of(date, listed, List.of(table), false);
        RuntimeException failure = table.failure();
        SchemaPlan schema = UNKNOWN;
        if (!isOfCatalog(failure)) {
            try {
                schema = schema(event, catalogs);
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        return new TablePreview(
                event.name(),
                event.target().table().text(),
                schema.create(),
                event.target().partitionBy().stream().map(PartitionField::text).toList(),
                schema.added(),
                schema.widened(),
                schema.relaxed(),
                evolved(table),
                schema.properties(),
                schema.conflicts(),
                day.wanted().get(0).size(),
                List.copyOf(day.changed()),
                error(failure, catalogs, event));
    }

    private static List<String> evolved(EventTable table) {
        if (table.table() == null) {
            return List.of();
        }
        List<String> listed =
                EventTable.ownColumns(table.event()).stream().map(Column::name).toList();
        return table.table().evolved().stream()
                .filter(column -> listed.stream()
                        .noneMatch(name -> name.equalsIgnoreCase(column.column().name())))
                .map(column -> ColumnYaml.of(column.column())
                        + (column.insteadOf() == null ? "" : " where " + column.insteadOf() + " does not hold it"))
                .toList();
    }

    private static SchemaPlan schema(ResolvedEvent event, Catalogs catalogs) {
        Optional<LakeCatalog> catalog = catalogs.existing(event.target().table());
        return catalog.isPresent()
                ? catalog.get().plan(event.target(), EventTable.ownColumns(event), EventTable.loadColumns(event))
                : LakeCatalog.creation(event.target(), EventTable.ownColumns(event), EventTable.loadColumns(event));
    }

    /** Whether it is the catalog that failed: what is wrong with a table or its ledger says so itself. */
    private static boolean isOfCatalog(RuntimeException failure) {
        return failure != null
                && !(failure instanceof TableException
                        || failure instanceof FirnException
                        || failure instanceof ConfigException);
    }

    private static String error(RuntimeException failure, Catalogs catalogs, ResolvedEvent event) {
        if (failure == null) {
            return null;
        }
        return isOfCatalog(failure) ? catalogs.failure(event.target().table(), failure) : failure.getMessage();
    }
}
