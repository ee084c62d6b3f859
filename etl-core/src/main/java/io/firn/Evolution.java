package io.firn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.firn.change.MessageColumns;
import io.firn.change.SchemaWatch;
import io.firn.change.StrangeSchema;
import io.firn.schema.Column;
import io.firn.schema.DefaultValue;
import io.firn.schema.TypeChange;
import io.firn.table.SourceColumn;
import io.firn.table.TableColumn;

/**
 * How the columns of a topic's rows follow those of its source, one schema after the other (docs/schema-evolution.md).
 * What a table's definition under {@code ddl/} says stands above what messages tell.
 */
final class Evolution {
    private final EvolutionTexts texts;
    private final boolean told;
    private final TypeChange usual;
    private final UnknownColumns unknown;
    private final DeclaredTable declared;
    private final Function<List<Column>, Set<String>> survivors;

    /**
     * The columns of rows at some place of the topic.
     *
     * @param gone the names of those that the source has no more
     * @param alternates the names of those that take the values of another one since their type changed
     * @param ignored fields of the source that no column takes
     * @param defaults what rows that are there already have in columns that are new
     * @param notes what people should know
     */
    record Rows(
            List<Column> columns,
            Set<String> gone,
            Set<String> alternates,
            Set<String> ignored,
            Map<String, DefaultValue> defaults,
            List<String> notes) {

        /** What the next run has to know of them. */
        List<SourceColumn> kept() {
            return Stream.concat(
                            columns.stream()
                                    .map(column -> SourceColumn.of(
                                            column, gone.contains(column.name()), alternates.contains(column.name()))),
                            ignored.stream().sorted().map(SourceColumn::ignored))
                    .toList();
        }
    }

    /**
     * How one topic's rows evolve.
     *
     * @param told whether messages tell the columns, and not the pipeline's YAML
     * @param usual what happens where a column says nothing of changes of its type
     * @param declared the table's definition under {@code ddl/}; null: there is none
     * @param survivors the names of those of some columns that reach the table as they are, whatever the transforms do
     */
    Evolution(
            EvolutionTexts texts,
            boolean told,
            TypeChange usual,
            UnknownColumns unknown,
            DeclaredTable declared,
            Function<List<Column>, Set<String>> survivors) {
        this.texts = texts;
        this.told = told;
        this.usual = usual;
        this.unknown = unknown;
        this.declared = declared;
        this.survivors = survivors;
    }

    /** Whether the next run has to know of them. */
    boolean remembers(Rows rows) {
        return told || !rows.alternates().isEmpty();
    }

    /** Whether messages tell the columns. */
    boolean isTold() {
        return told;
    }

    /** Null: the table has no definition. */
    DeclaredTable declared() {
        return declared;
    }

    Set<String> survivors(List<Column> columns) {
        return survivors.apply(columns);
    }

    EvolutionTexts texts() {
        return texts;
    }

    /** What readers of the topic have to tell. */
    SchemaWatch watch(Rows rows) {
        return told
                ? new SchemaWatch(declared == null, true, rows.ignored(), rows.gone(), rows.alternates())
                : new SchemaWatch(false, false, Set.of(), Set.of(), rows.alternates());
    }

    /**
     * Columns that the YAML names, and those that took values of theirs since.
     *
     * @param held as the last run left them; null: there was none
     */
    Rows named(List<Column> columns, List<SourceColumn> held) {
        List<Column> alternates = held == null
                ? List.of()
                : held.stream()
                        .filter(SourceColumn::alternate)
                        .map(SourceColumn::column)
                        .filter(column -> named(column.name(), columns).isEmpty())
                        .toList();
        return new Rows(
                Stream.concat(columns.stream(), alternates.stream())
                        .map(this::ruled)
                        .toList(),
                Set.of(),
                alternates.stream().map(Column::name).collect(Collectors.toSet()),
                Set.of(),
                Map.of(),
                List.of());
    }

    /**
     * The columns at the place where the topic is read next.
     *
     * @param newest as some message tells them; null where a run left some
     * @param held as the last run left them; null: there was none
     * @param live the table's columns as they are now; empty: there is no table
     */
    Rows begin(MessageColumns newest, List<SourceColumn> held, List<Column> live) {
        List<Column> columns = new ArrayList<>();
        Set<String> gone = new HashSet<>();
        Set<String> alternates = new HashSet<>();
        Set<String> ignored = new HashSet<>();
        List<String> notes = new ArrayList<>();
        List<SourceColumn> before = held == null
                ? newest.columns().stream()
                        .map(column -> SourceColumn.of(column, false, false))
                        .toList()
                : held.stream().filter(column -> column.type() != null).toList();
        if (held != null) {
            held.stream()
                    .filter(field -> field.type() == null && !isListed(field.name()))
                    .forEach(field -> ignored.add(field.name()));
        }
        List<Column> all = before.stream().map(SourceColumn::column).toList();
        Set<String> surviving = survivors.apply(all);
        for (int i = 0; i < all.size(); i++) {
            SourceColumn source = before.get(i);
            Column column = all.get(i);
            boolean survives = surviving.contains(column.name());
            Optional<Column> there = survives ? named(column.name(), live) : Optional.empty();
            Optional<TableColumn> renamed =
                    there.isPresent() || !survives ? Optional.empty() : renamedFrom(column.name(), live);
            if (renamed.isPresent()) {
                column = new Column(
                        renamed.get().name(), column.type(), column.location(), null, column.required(), null);
            } else if (there.isPresent()) {
                column = declared == null ? column.of(there.get().type()) : column;
                column = there.get().required() ? column : column.relaxed();
            } else if (survives && source.gone() && !live.isEmpty()) {
                continue; // Dropped from the table by hand since.
            }
            if (held == null && survives && declared != null && !isListed(column.name())) {
                notes.add(leftOut(column));
                ignored.add(source.name());
                continue;
            }
            columns.add(ruled(survives ? typed(column) : column));
            if (source.gone()) {
                gone.add(column.name());
            }
            if (source.alternate()) {
                alternates.add(column.name());
            }
        }
        return new Rows(columns, gone, alternates, ignored, Map.of(), notes);
    }

    /** The columns once a schema is met that they do not take; throws FirnException where a person has to decide. */
    Rows after(Rows rows, StrangeSchema met) {
        if (met.columns() == null) {
            throw texts.unreadable(met);
        }
        return new EvolutionStep(this, rows, met).rows();
    }

    /** A column that the table's definition lacks is not loaded, and told; throws FirnException where the YAML says so. */
    String leftOut(Column field) {
        if (unknown == UnknownColumns.FAIL) {
            throw texts.refusesUnlisted(field, declared);
        }
        return texts.unlisted(field, declared);
    }

    boolean isListed(String name) {
        return declared != null
                && declared.definition().columns().stream()
                        .anyMatch(column -> column.name().equals(name));
    }

    /** A declared column that the table has and that was called so before. */
    private Optional<TableColumn> renamedFrom(String name, List<Column> live) {
        return declared == null
                ? Optional.empty()
                : declared.definition().columns().stream()
                        .filter(column -> name.equals(column.renamedFrom()))
                        .filter(column -> named(column.name(), live).isPresent())
                        .findFirst();
    }

    /** With the type and the demands of its definition, where it has one. */
    Column typed(Column column) {
        return declared == null
                ? column
                : declared.definition().columns().stream()
                        .filter(listed -> listed.name().equals(column.name()))
                        .findFirst()
                        .map(listed -> listed.column().at(column.path()))
                        .orElse(column);
    }

    Column ruled(Column column) {
        return column.onTypeChange() == null ? column.onTypeChange(usual) : column;
    }

    static String source(Column column) {
        return column.location().keys().get(0);
    }

    static Optional<Column> named(String name, List<Column> columns) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }

    static Set<String> lower(List<Column> columns) {
        return columns.stream()
                .map(column -> column.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }
}
