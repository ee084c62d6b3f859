package io.firn;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.firn.RegistryPreview.TopicSchema;
import io.firn.change.RegisteredColumns;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.NewColumnName;
import io.firn.schema.TypeChange;
import io.firn.schema.TypeGrowth;
import io.firn.table.LakeCatalog;
import io.firn.table.LoadColumns;
import io.firn.table.SchemaPlan;
import io.firn.table.TableChange;
import io.firn.table.TableColumn;
import io.firn.table.TableName;

/** How a topic's registered schema differs from its table. */
final class RegisteredDiff {
    private final RegisteredColumns registered;
    private final ResolvedEvent event;
    private final Catalogs catalogs;
    private final List<String> incompatible = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    RegisteredDiff(RegisteredColumns registered, ResolvedEvent event, Catalogs catalogs) {
        this.registered = registered;
        this.event = event;
        this.catalogs = catalogs;
    }

    TopicSchema told(String topic, String schema) {
        TableName name = event.target().table();
        Optional<LakeCatalog> catalog = catalogs.existing(name);
        Map<String, Column> live = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        catalog.flatMap(held -> held.definition(name)).ifPresent(table -> table.columns().stream()
                .map(TableColumn::column)
                .forEach(column -> live.put(column.name(), column)));
        Map<String, ColumnType> source =
                registered.columns().columns().stream().collect(Collectors.toMap(Column::name, Column::type));
        fields(source);
        List<Column> wanted = wanted(live, source);
        SchemaPlan plan = catalog.map(held -> held.plan(event.target(), wanted, LoadColumns.CHANGE))
                .orElseGet(() -> LakeCatalog.creation(event.target(), wanted, LoadColumns.CHANGE));
        List<String> changes = plan.changes().stream().map(TableChange::text).toList();
        return new TopicSchema(
                topic, name.text(), schema, plan.create(), changes, notes, incompatible, plan.conflicts(), null);
    }

    /** Fields that no column takes, and columns whose field is gone. */
    private void fields(Map<String, ColumnType> source) {
        Set<String> taken = new TreeSet<>();
        for (Column column : event.columns()) {
            String field = column.location().keys().get(0);
            taken.add(field);
            if (!source.containsKey(field)) {
                notes.add("column " + column.name() + " takes field " + field + ", which the source has no more: "
                        + (column.required() ? "it is required, so its rows are refused" : "it is null from then on"));
            }
        }
        source.forEach((field, type) -> {
            if (!taken.contains(field)) {
                notes.add(
                        "field " + field + " " + type.text() + " is no column of the event's in the YAML: not loaded");
            }
        });
    }

    /** The table's columns once they hold the source's values, as far as they can come to. */
    private List<Column> wanted(Map<String, Column> live, Map<String, ColumnType> source) {
        List<Column> wanted = new ArrayList<>();
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (Column column : ChangeTable.ownColumns(event)) {
            names.add(column.name());
            Column present = live.get(column.name());
            ColumnType is = present == null ? column.type() : present.type();
            ColumnType shall = source.getOrDefault(column.name(), column.type());
            ColumnType joined = is.equals(shall) ? is : TypeGrowth.joined(is, shall);
            if (joined != null || registered.takesAll(typed(column, is))) {
                wanted.add(typed(column, joined == null ? is : joined));
                continue;
            }
            wanted.add(typed(column, is));
            wanted.addAll(misfit(column, is, shall, live));
        }
        live.forEach((name, column) -> {
            if (!names.contains(name)) {
                wanted.add(new Column(name, column.type(), null, null, false, column.comment(), column.onTypeChange()));
                if (!source.containsKey(name)) {
                    notes.add("column " + name + " " + column.type().text()
                            + " has no field at the source any more: it stays, and is null from then on");
                }
            }
        });
        return wanted;
    }

    /** The column that takes the values in place of the one that does not hold them; empty where there is to be none. */
    private List<Column> misfit(Column column, ColumnType is, ColumnType shall, Map<String, Column> live) {
        TypeChange policy = column.onTypeChange() == null ? event.onTypeChange() : column.onTypeChange();
        String what =
                "column " + column.name() + " is " + is.text() + " and the source's values become " + shall.text();
        if (policy != TypeChange.NEW_COLUMN) {
            incompatible.add(what
                    + (policy == TypeChange.QUARANTINE
                            ? " (on-type-change: quarantine): rows with values that it does not hold are quarantined"
                            : " (on-type-change: fail): a run that meets such rows stops before it loads any; write"
                                    + " on-type-change: new-column or quarantine to go on"));
            return List.of();
        }
        String name = NewColumnName.of(column.name(), shall, taken(live, shall));
        incompatible.add(what + " (on-type-change: new-column): they go into " + name);
        return List.of(new Column(name, shall, null, null, false, null));
    }

    /** In lower case; a column of the very type may be there from the last time that the source had it. */
    private Set<String> taken(Map<String, Column> live, ColumnType shall) {
        return Stream.concat(
                        live.values().stream().filter(column -> !column.type().equals(shall)),
                        event.tableColumns().stream())
                .map(column -> column.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private static Column typed(Column column, ColumnType type) {
        return new Column(
                column.name(),
                type,
                column.path(),
                column.format(),
                column.required(),
                column.comment(),
                column.onTypeChange());
    }
}
