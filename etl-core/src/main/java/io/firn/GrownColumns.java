package io.firn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.firn.init.ColumnGrowth;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.JsonPath;
import io.firn.schema.TypeChange;
import io.firn.schema.TypeGrowth;
import io.firn.table.EvolvedColumn;
import io.firn.table.LakeTable;
import io.firn.transform.RowProgram;

/**
 * An event's columns as its table has them by now: those of the YAML, whose structs may have gained fields, and those that
 * runs added.
 *
 * @param listed what the YAML decodes
 * @param evolved what it does not know of; no transform sees them
 * @param own the table's columns without the load columns
 * @param open the columns of {@code listed} that the table has as they are decoded, with their names there
 */
record GrownColumns(List<Column> listed, List<EvolvedColumn> evolved, List<Column> own, Map<String, String> open) {

    /** Those of the YAML alone. */
    static GrownColumns none(ResolvedEvent event) {
        return new GrownColumns(event.columns(), List.of(), EventTable.ownColumns(event), Map.of());
    }

    /** @param program the transforms of the YAML alone */
    static GrownColumns of(ResolvedEvent event, LakeTable table, RowProgram program) {
        boolean evolves = event.unknownColumns() == UnknownColumns.EVOLVE;
        // What is declared under ddl/ stays as it is declared; new fields of its structs are columns then.
        Map<String, String> open = evolves && !event.target().declared() ? open(event, program) : Map.of();
        Map<String, ColumnType> types = new HashMap<>();
        table.ownColumns().forEach(column -> types.put(column.name(), column.type()));
        List<Column> listed = new ArrayList<>();
        Map<String, ColumnType> grown = new LinkedHashMap<>();
        for (Column column : event.columns()) {
            ColumnType there = open.containsKey(column.name()) ? types.get(open.get(column.name())) : null;
            ColumnType type = there == null || column.type() instanceof Scalar
                    ? column.type()
                    : TypeGrowth.joined(column.type(), there);
            Column now = type == null ? column : column.of(type);
            grown.put(open.getOrDefault(column.name(), ""), now.type());
            listed.add(now.onTypeChange(policy(column, event)));
        }
        List<EvolvedColumn> evolved = new ArrayList<>();
        for (EvolvedColumn column : table.evolved()) {
            boolean wanted = column.insteadOf() == null ? evolves : takesOver(column, listed, evolved);
            if (wanted && !isListed(column, event)) {
                evolved.add(new EvolvedColumn(column.column().onTypeChange(event.onTypeChange()), column.insteadOf()));
            }
        }
        List<Column> own = new ArrayList<>();
        event.tableColumns().forEach(column -> own.add(column.of(grown.getOrDefault(column.name(), column.type()))));
        evolved.forEach(column -> own.add(column.column()));
        List<Column> yaml = EventTable.ownColumns(event);
        own.addAll(yaml.subList(event.tableColumns().size(), yaml.size()));
        return new GrownColumns(listed, evolved, own, open);
    }

    /** A transform that computes with a column knows its type; such a column stays as the YAML has it. */
    private static Map<String, String> open(ResolvedEvent event, RowProgram program) {
        Map<String, String> open = new LinkedHashMap<>();
        for (int in = 0; in < event.columns().size(); in++) {
            int index = in;
            List<Integer> uses = new ArrayList<>();
            for (int out = 0; out < event.tableColumns().size(); out++) {
                if (program.reads().get(out).get(index)) {
                    uses.add(out);
                }
            }
            if (uses.size() == 1
                    && program.untouched(uses.get(0)) == index
                    && !program.filterReads().get(index)) {
                open.put(
                        event.columns().get(in).name(),
                        event.tableColumns().get(uses.get(0)).name());
            }
        }
        return open;
    }

    private static boolean takesOver(EvolvedColumn column, List<Column> listed, List<EvolvedColumn> evolved) {
        List<Column> all = new ArrayList<>(listed);
        evolved.forEach(other -> all.add(other.column()));
        return all.stream().anyMatch(other -> {
            List<String> keys = other.location().keys();
            List<String> ours = column.column().location().keys();
            return other.name().equals(column.insteadOf())
                    && other.onTypeChange() == TypeChange.NEW_COLUMN
                    && !other.required()
                    && ours.size() <= keys.size()
                    && keys.subList(0, ours.size()).equals(ours);
        });
    }

    /** The YAML wins where it names the column, or its path. */
    private static boolean isListed(EvolvedColumn column, ResolvedEvent event) {
        return filled(event).contains(column.column().name().toLowerCase(Locale.ROOT))
                || (column.insteadOf() == null
                        && event.columns().stream().anyMatch(listed -> listed.location()
                                .equals(column.column().location())));
    }

    private static Set<String> filled(ResolvedEvent event) {
        Set<String> names = new HashSet<>();
        event.columns().forEach(column -> names.add(column.name().toLowerCase(Locale.ROOT)));
        EventTable.ownColumns(event).forEach(column -> names.add(column.name().toLowerCase(Locale.ROOT)));
        return names;
    }

    private static TypeChange policy(Column column, ResolvedEvent event) {
        return column.onTypeChange() == null ? event.onTypeChange() : column.onTypeChange();
    }

    /** Whether nothing was added to what the YAML says. */
    boolean isPlain(ResolvedEvent event) {
        return evolved.isEmpty()
                && listed.stream()
                        .map(Column::type)
                        .toList()
                        .equals(event.columns().stream().map(Column::type).toList());
    }

    /** What is decoded, each column with what a change of its values' type means for it. */
    List<Column> decoded() {
        List<Column> all = new ArrayList<>(listed);
        evolved.forEach(column -> all.add(column.column()));
        return all;
    }

    /** The table's own columns once they have grown. */
    List<Column> grown(ColumnGrowth growth) {
        Map<String, ColumnType> wider = new HashMap<>();
        growth.wider().forEach((name, type) -> wider.put(open.getOrDefault(name, name), type));
        List<Column> all = new ArrayList<>();
        own.forEach(column -> all.add(column.of(wider.getOrDefault(column.name(), column.type()))));
        growth.added().forEach(column -> all.add(column.column()));
        return all;
    }

    /** For columns that take what another one does not hold, that other's name. */
    Map<String, String> alternatives() {
        Map<String, String> alternatives = new LinkedHashMap<>();
        evolved.stream()
                .filter(column -> column.insteadOf() != null)
                .forEach(column -> alternatives.put(column.column().name(), column.insteadOf()));
        return alternatives;
    }

    /** The table's columns without the load columns, where those that take each other's values have one path. */
    List<Column> unified() {
        Map<String, String> alternatives = alternatives();
        List<Column> all = new ArrayList<>();
        for (Column column : own) {
            String first = alternatives.getOrDefault(column.name(), column.name());
            all.add(column.at(new JsonPath(List.of(open.getOrDefault(first, first)))));
        }
        return all;
    }

    /** All names that the YAML or an earlier run fills, in lower case. */
    Set<String> filledNames(ResolvedEvent event) {
        Set<String> names = filled(event);
        evolved.forEach(column -> names.add(column.column().name().toLowerCase(Locale.ROOT)));
        return names;
    }
}
