package io.firn;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.firn.config.Place;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.JsonPath;
import io.firn.schema.TypeChange;
import io.firn.source.Debezium;
import io.firn.source.JsonDump;
import io.firn.source.Kafka;
import io.firn.table.CatalogDefinition;
import io.firn.table.PartitionField;
import io.firn.table.StagedChanges.Deletes;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TableName;
import io.firn.transform.Transform;

/** Checks a pipeline's rules across fields and fills in what its events leave to defaults. */
final class Resolution {
    private static final Set<Scalar> TIMES = EnumSet.of(Scalar.TIMESTAMPTZ, Scalar.TIMESTAMP, Scalar.DATE);

    private final Pipeline pipeline;
    private final Map<String, CatalogDefinition> catalogs;
    private final DeclaredTables declared;
    private final Place scope;
    private boolean told;
    private final Map<String, String> tables = new HashMap<>();
    private final Map<String, String> locations = new HashMap<>();

    /**
     * Checks one pipeline.
     *
     * @param catalogs null: nothing is said about them
     * @param declared the tables that the project defines; null: none
     */
    Resolution(Pipeline pipeline, Map<String, CatalogDefinition> catalogs, DeclaredTables declared, Place scope) {
        this.pipeline = pipeline;
        this.catalogs = catalogs;
        this.declared = declared;
        this.scope = scope;
    }

    /** The events whose columns were told by messages: what a table's definition lacks of them was decided before. */
    List<ResolvedEvent> toldEvents() {
        told = true;
        return events();
    }

    /** The events; where a problem was reported, an event may be missing. */
    List<ResolvedEvent> events() {
        checkTop();
        List<ResolvedEvent> events = new ArrayList<>();
        pipeline.events().forEach((name, event) -> {
            ResolvedEvent resolved = event(name, event, scope.at("events").at(name));
            if (resolved != null) {
                events.add(resolved);
            }
        });
        return events;
    }

    private void checkTop() {
        String name = pipeline.pipeline();
        if (name != null && !name.matches("[a-z][a-z0-9-]*")) {
            scope.at("pipeline")
                    .problem("\"" + name + "\" is no name of a pipeline; use a-z, 0-9 and -, starting with a letter");
        }
        checkCatalog(pipeline.catalog(), scope.at("catalog"));
        if (pipeline.source() != null) {
            pipeline.source().check(scope.at("source"));
        }
        String namespace = pipeline.defaults().namespace();
        if (namespace != null && !namespace.matches("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*")) {
            scope.at("defaults")
                    .at("namespace")
                    .problem("namespace \"" + namespace
                            + "\" is not a name; use letters, digits and _, levels joined by .");
        }
        if (pipeline.events().isEmpty()
                && !columnsMayBeTold()
                && scope.at("events").sound()) {
            scope.at("events").problem("no event is listed, so nothing would be loaded; name at least one");
        }
    }

    private void checkCatalog(String catalog, Place at) {
        if (catalogs != null && !catalogs.containsKey(catalog)) {
            at.unknown("catalog", catalog, catalogs.keySet());
        }
    }

    private ResolvedEvent event(String name, Event written, Place at) {
        checkTopic(name, at);
        TableName table = table(name, written.target(), at);
        if (table != null && declared != null && Files.exists(declared.file(table))) {
            Optional<DeclaredTable> found = declared.read(declared.file(table));
            if (found.isEmpty()) {
                return null; // What is wrong was reported where the table is defined.
            }
            if (found.get().definition().table().equals(table)) {
                return event(name, defined(written, found.get(), at), found.get(), at);
            }
        }
        if (written.target().columns() != null) {
            at.at("target")
                    .at("columns")
                    .problem("a table's columns are those of its event after the transforms; a table is defined by"
                            + " itself in " + DeclaredTables.FOLDER + "/<namespace>/<table>.yaml");
        }
        return event(name, written, table, at);
    }

    /** The event with the table that a file defines; columns that the event leaves to it are decoded by their names. */
    private Event defined(Event written, DeclaredTable found, Place at) {
        found.checkAlone(written.target(), at.at("target"));
        boolean left = written.columns().isEmpty() && at.at("columns").sound() && !columnsMayBeTold();
        return new Event(
                left ? found.columns() : written.columns(),
                written.transforms(),
                found.definition(),
                written.unknownColumns(),
                written.onTypeChange());
    }

    private ResolvedEvent event(String name, Event event, DeclaredTable found, Place at) {
        ResolvedEvent resolved = event(name, event, found.definition().table(), at);
        if (resolved != null) {
            found.checkRows(told ? found.listed(resolved.tableColumns()) : resolved.tableColumns(), at.at("columns"));
        }
        return resolved;
    }

    private ResolvedEvent event(String name, Event event, TableName table, Place at) {
        if (event.columns().isEmpty() && at.at("columns").sound()) {
            if (columnsMayBeTold()) {
                return null;
            }
            at.at("columns").problem("no column is listed; name at least one");
        }
        ColumnRules.check(event.columns(), pipeline.source(), at.at("columns"));
        List<Column> columns = tableColumns(event, at);
        if (columns == null) {
            return null;
        }
        if (!event.target().declared()) {
            new TargetRules(columns).check(event.target(), at.at("target"));
        }
        new ModeRules(pipeline.source()).check(event.target(), mode(event.target()), columns, at.at("target"));
        checkEvolution(event, at);
        checkLocation(event.target().location(), name, at.at("target").at("location"));
        if (table == null) {
            return null;
        }
        return new ResolvedEvent(
                name,
                event.columns(),
                event.transforms(),
                columns,
                target(event.target(), table, columns),
                event.unknownColumns() == null ? pipeline.defaults().unknownColumns() : event.unknownColumns(),
                onTypeChange(event));
    }

    /** Only of dumps lines can be set aside until there are columns for them. */
    private void checkEvolution(Event event, Place at) {
        if (pipeline.source() instanceof JsonDump) {
            return;
        }
        boolean own = event.unknownColumns() != null;
        UnknownColumns unknown =
                own ? event.unknownColumns() : pipeline.defaults().unknownColumns();
        if (unknown == UnknownColumns.EVOLVE) {
            (own ? at : scope.at("defaults"))
                    .at("unknown-columns")
                    .problem("unknown-columns: evolve is for dumps; "
                            + (pipeline.source() instanceof Kafka
                                    ? "fields of messages may be reported, kept in one column, or refused"
                                    : "tables of changes follow the source's columns by themselves"));
        }
        if (pipeline.source() instanceof Kafka) {
            changing(pipeline.defaults().onTypeChange(), scope.at("defaults"));
            changing(event.onTypeChange(), at);
            for (int i = 0; i < event.columns().size(); i++) {
                if (event.columns().get(i) != null) {
                    changing(
                            event.columns().get(i).onTypeChange(),
                            at.at("columns").at(i));
                }
            }
        }
    }

    private static void changing(TypeChange policy, Place at) {
        if (policy == TypeChange.FAIL || policy == TypeChange.NEW_COLUMN) {
            at.at("on-type-change")
                    .problem("plain messages whose values changed their type can only be quarantined; write"
                            + " on-type-change: quarantine, or leave it out");
        }
    }

    /** Messages with a schema tell the columns of their table. */
    private boolean columnsMayBeTold() {
        return pipeline.source() instanceof Debezium debezium
                && debezium.messages().describes();
    }

    private void checkTopic(String name, Place at) {
        if (pipeline.source() instanceof Debezium debezium && scope.at("source").sound() && !debezium.reads(name)) {
            at.problem("\"" + name + "\" is not a topic that the source reads; events are named by their topic");
        }
    }

    private TypeChange onTypeChange(Event event) {
        if (event.onTypeChange() != null) {
            return event.onTypeChange();
        }
        TypeChange usual = pipeline.source() instanceof Debezium ? TypeChange.FAIL : TypeChange.QUARANTINE;
        return pipeline.defaults().onTypeChange() == null
                ? usual
                : pipeline.defaults().onTypeChange();
    }

    private Mode mode(TableDefinition target) {
        if (target.mode() != null) {
            return target.mode();
        }
        Mode usual = pipeline.source() instanceof Debezium ? Mode.UPSERT : Mode.APPEND;
        return pipeline.defaults().mode() == null ? usual : pipeline.defaults().mode();
    }

    /** The table's name where the YAML says none: a topic's last part is the name of the source's table. */
    private String tableName(String event) {
        boolean topic = pipeline.source() instanceof Debezium;
        return Names.snake(topic ? event.substring(event.lastIndexOf('.') + 1) : event);
    }

    /** The columns after the transforms; null where problems forbid to tell. */
    private List<Column> tableColumns(Event event, Place at) {
        boolean named = event.columns().stream().allMatch(column -> column != null && column.name() != null);
        if (!named || !at.at("transforms").sound()) {
            return null;
        }
        if (event.transforms().isEmpty()) {
            return event.columns();
        }
        if (!at.at("columns").sound()) {
            return null;
        }
        List<Column> columns = event.columns();
        for (int i = 0; i < event.transforms().size(); i++) {
            Transform transform = event.transforms().get(i);
            columns = transform.columns(columns, at.at("transforms").at(i));
        }
        if (!at.at("transforms").sound()) {
            return null;
        }
        ColumnRules.checkNames(columns, at.at("transforms"));
        if (columns.isEmpty()) {
            at.at("transforms").problem("no column is left after the transforms");
        }
        return columns;
    }

    /** The table of an event; null where that cannot be told. */
    TableName table(String event, TableDefinition target, Place at) {
        TableName table = target.table();
        Place place = at.at("target").at("table");
        if (table == null) {
            if (!place.sound() || pipeline.pipeline() == null) {
                return null;
            }
            String snake = tableName(event);
            if (snake.isEmpty()) {
                at.problem("no table's name can be made of event \"" + event + "\"; name it under target.table");
                return null;
            }
            try {
                table = TableName.parse(pipeline.catalog() + "." + namespace(pipeline) + "." + snake);
            } catch (IllegalArgumentException e) {
                // The namespace or the catalog was reported where it stands.
                return null;
            }
        } else {
            checkCatalog(table.catalog(), place);
        }
        if (table.name().equalsIgnoreCase(QuarantineTable.NAME)) {
            place.problem("table " + table.text()
                    + " has the name of the quarantine, where refused lines go; name another" + " under target.table");
        }
        String other = tables.putIfAbsent(table.text(), event);
        if (other != null) {
            place.problem("table " + table.text() + " is already the target of event \"" + other
                    + "\"; name another under target.table");
        }
        return table;
    }

    static String namespace(Pipeline pipeline) {
        String namespace = pipeline.defaults().namespace();
        return namespace == null ? Names.snake(pipeline.pipeline()) : namespace;
    }

    private void checkLocation(String location, String event, Place at) {
        if (location == null) {
            return;
        }
        locations.forEach((other, name) -> {
            if (Locations.inside(location, other) || Locations.inside(other, location)) {
                at.problem("location overlaps that of event \"" + name + "\"; each table needs its own folder");
            }
        });
        locations.put(location, event);
        for (CatalogDefinition catalog : catalogs == null ? List.<CatalogDefinition>of() : catalogs.values()) {
            if (Locations.inside(location, catalog.state()) || Locations.inside(catalog.state(), location)) {
                at.problem("location overlaps Firn's state folder " + catalog.state()
                        + ", where orphan removal would delete ledgers; choose another");
            }
        }
    }

    private TableDefinition target(TableDefinition target, TableName table, List<Column> columns) {
        Map<String, String> properties = new LinkedHashMap<>(
                target.declared() ? Map.of() : pipeline.defaults().properties());
        properties.putAll(target.properties() == null ? Map.of() : target.properties());
        return new TableDefinition(
                table,
                target.columns(),
                target.comment(),
                target.location(),
                target.partitionBy() == null ? partitioning(target, columns) : target.partitionBy(),
                target.sortBy() == null ? List.of() : target.sortBy(),
                target.idColumns() == null ? List.of() : target.idColumns(),
                Map.copyOf(properties),
                mode(target),
                target.writeMode(),
                target.formatVersion(),
                target.timestampColumn(),
                target.deletes() == null ? Deletes.HARD : target.deletes(),
                target.rememberDeletes(),
                target.backfillDefault(),
                target.retention(),
                target.compaction(),
                target.orphans());
    }

    /** By day of the event time, where the table has it as a time. */
    private List<PartitionField> partitioning(TableDefinition target, List<Column> columns) {
        if (target.declared()) {
            return List.of();
        }
        JsonPath time = pipeline.source() instanceof JsonDump dump
                ? dump.eventTime()
                : pipeline.source() instanceof Kafka kafka ? kafka.eventTime() : null;
        return columns.stream()
                .filter(column ->
                        column.location().equals(time) && column.type() instanceof Scalar type && TIMES.contains(type))
                .findFirst()
                .map(column -> List.of(new PartitionField(PartitionField.Transform.DAY, 0, column.name())))
                .orElse(List.of());
    }
}
