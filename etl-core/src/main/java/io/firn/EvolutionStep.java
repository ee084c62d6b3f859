package io.firn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.firn.Evolution.Rows;
import io.firn.change.StrangeSchema;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.DefaultValue;
import io.firn.schema.JsonPath;
import io.firn.schema.NewColumnName;
import io.firn.schema.TypeChange;
import io.firn.schema.TypeGrowth;
import io.firn.table.TableColumn;

/** One step of a topic's rows from the schema that they follow to another one that was met. */
final class EvolutionStep {
    private final Evolution rules;
    private final StrangeSchema met;
    private final List<String> fields;
    private final List<Column> columns;
    private final Set<String> gone;
    private final Set<String> alternates;
    private final Set<String> ignored;
    private final Map<String, DefaultValue> defaults = new HashMap<>();
    private final List<String> notes = new ArrayList<>();
    private List<Column> lost;
    private final Set<String> moved = new HashSet<>();
    private final List<Column> added = new ArrayList<>();

    EvolutionStep(Evolution rules, Rows rows, StrangeSchema met) {
        this.rules = rules;
        this.met = met;
        fields = met.columns().columns().stream().map(Column::name).toList();
        columns = new ArrayList<>(rows.columns());
        gone = new HashSet<>(rows.gone());
        alternates = new HashSet<>(rows.alternates());
        ignored = new HashSet<>(rows.ignored());
    }

    /** Columns whose field the source, or the way back, calls otherwise now take it there. */
    private void move() {
        for (String field : fields) {
            if (takers(field).isEmpty() && moves(field)) {
                moved.add(field);
            }
        }
        lost = columns.stream()
                .filter(column -> !gone.contains(column.name()) && !fields.contains(Evolution.source(column)))
                .toList();
    }

    private void meet(Column field) {
        List<Column> takers = takers(field.name());
        if (moved.contains(field.name())) {
            return; // Whether it fits is told when it is read there.
        }
        if (!takers.isEmpty()) {
            fit(takers, field);
        } else if (rules.isTold() && !ignored.contains(field.name())) {
            missing(field);
        }
    }

    /** Columns whose field is not there any more. */
    private void absent() {
        if (!rules.isTold()) {
            return;
        }
        for (Column column : List.copyOf(columns)) {
            boolean absent = !fields.contains(Evolution.source(column));
            if (absent && gone.add(column.name())) {
                notes.add(rules.texts().gone(column, met));
                replace(column, rules.declared() == null ? column.relaxed() : column);
            } else if (!absent) {
                gone.remove(column.name());
            }
        }
        added.forEach(fresh -> lost.stream()
                .filter(old -> old.type().equals(fresh.type()))
                .forEach(old -> notes.add(rules.texts().perhapsRenamed(old, fresh))));
    }

    /** The columns after the step; throws FirnException where a person has to decide. */
    Rows rows() {
        move();
        met.columns().columns().forEach(this::meet);
        absent();
        return new Rows(List.copyOf(columns), gone, alternates, ignored, defaults, notes);
    }

    private void missing(Column field) {
        if (!survives(field)) {
            ignored.add(field.name());
            return;
        }
        if (rules.declared() != null && !rules.isListed(field.name())) {
            for (Column old : lost) {
                if (TypeGrowth.covers(old.type(), field.type())) {
                    throw rules.texts().perhapsRenamed(old, field, rules.declared(), met);
                }
            }
            notes.add(rules.leftOut(field));
            ignored.add(field.name());
            return;
        }
        if (Evolution.lower(columns).contains(field.name().toLowerCase(Locale.ROOT))) {
            throw rules.texts().sameName(field, met);
        }
        Column column = rules.ruled(rules.typed(field.relaxed()));
        columns.add(column);
        added.add(column);
        DefaultValue value = met.columns().defaults().get(field.name());
        if (value != null) {
            defaults.put(column.name(), value);
        }
    }

    private void fit(List<Column> takers, Column field) {
        Column best = takers.stream()
                .filter(taker -> met.whole().contains(taker.name()))
                .findFirst()
                .orElse(null);
        if (best == null && rules.declared() == null && rules.isTold()) {
            best = grown(takers, field.type());
        }
        if (best == null && (rules.declared() != null || !rules.isTold())) {
            best = takers.stream()
                    .filter(taker -> met.some().contains(taker.name()))
                    .findFirst()
                    .orElse(null);
        }
        if (best == null) {
            changed(takers, field);
        } else if (rules.isTold() && rules.declared() == null && !field.required()) {
            takers(field.name()).forEach(taker -> replace(taker, taker.relaxed()));
        }
    }

    private Column grown(List<Column> takers, ColumnType type) {
        for (Column taker : takers) {
            ColumnType joined = TypeGrowth.joined(taker.type(), type);
            if (joined != null) {
                Column wider = taker.of(joined);
                replace(taker, wider);
                return wider;
            }
        }
        return null;
    }

    private void changed(List<Column> takers, Column field) {
        Column first = takers.get(0);
        boolean several = takers.stream()
                        .filter(taker -> !alternates.contains(taker.name()))
                        .count()
                > 1;
        switch (several && first.onTypeChange() == TypeChange.NEW_COLUMN ? TypeChange.FAIL : first.onTypeChange()) {
            case FAIL -> throw rules.texts().typeChanged(first, field, rules.declared(), met);
            case QUARANTINE -> notes.add(rules.texts().quarantined(first, field, met));
            case NEW_COLUMN -> {
                Column column = rules.ruled(new Column(
                        NewColumnName.of(first.name(), field.type(), Evolution.lower(columns)),
                        field.type(),
                        first.location(),
                        null,
                        false,
                        null));
                columns.add(column);
                alternates.add(column.name());
                takers.forEach(taker -> replace(taker, taker.relaxed()));
                notes.add(rules.texts().newColumn(first, column, met));
            }
        }
    }

    private List<Column> takers(String field) {
        return columns.stream()
                .filter(column -> Evolution.source(column).equals(field))
                .toList();
    }

    private boolean moves(String field) {
        String name = rules.declared() == null
                ? field
                : rules.declared().definition().columns().stream()
                        .filter(column -> field.equals(column.renamedFrom()))
                        .map(TableColumn::name)
                        .findFirst()
                        .orElse(field);
        Optional<Column> old =
                Evolution.named(name, columns).filter(column -> !fields.contains(Evolution.source(column)));
        old.ifPresent(column -> replace(column, column.at(name.equals(field) ? null : new JsonPath(List.of(field)))));
        return old.isPresent();
    }

    /** Not where the transforms keep other columns alone. */
    private boolean survives(Column field) {
        List<Column> all = new ArrayList<>(columns);
        all.add(field);
        return rules.survivors(all).contains(field.name());
    }

    private void replace(Column column, Column by) {
        columns.set(columns.indexOf(column), by);
    }
}
