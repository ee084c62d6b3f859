package io.firn.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import org.apache.iceberg.Schema;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.Types.NestedField;

import io.firn.table.TableChange.AddColumn;
import io.firn.table.TableChange.ChangeIdColumns;
import io.firn.table.TableChange.ChangePartitioning;
import io.firn.table.TableChange.ChangeProperties;
import io.firn.table.TableChange.ChangeSortOrder;
import io.firn.table.TableChange.DropColumn;
import io.firn.table.TableChange.Effect;
import io.firn.table.TableChange.Noted;
import io.firn.table.TableChange.OfSchema;
import io.firn.table.TableChange.OfTable;
import io.firn.table.TableChange.Refused;
import io.firn.table.TableChange.UpgradeFormat;

/**
 * How a declared table differs from the live one.
 *
 * @param create there is no such table; the changes then say what it begins with
 * @param changes in the order in which they are made
 */
public record TableDiff(TableName table, boolean create, List<TableChange> changes) {

    /** Whether nothing is to be done. */
    public boolean inPlace() {
        return !create && with(Effect.NOTED).size() == changes.size();
    }

    /** The changes of one effect. */
    public List<TableChange> with(Effect effect) {
        return changes.stream().filter(change -> change.effect() == effect).toList();
    }

    static TableDiff creation(TableDefinition definition) {
        TableLayout wanted = TableLayout.declared(definition);
        List<TableChange> changes = new ArrayList<>();
        wanted.schema().columns().forEach(column -> changes.add(new AddColumn(null, column)));
        List<String> partitioning = TableState.partitioning(wanted.spec(), wanted.schema());
        if (!partitioning.isEmpty()) {
            changes.add(new ChangePartitioning(List.of(), definition.partitionBy(), null, partitioning));
        }
        if (wanted.sortOrder().isSorted()) {
            changes.add(new ChangeSortOrder(null, definition.sortBy()));
        }
        changes.add(new ChangeProperties(new TreeMap<>(wanted.propertiesAtCreation()), new TreeSet<>()));
        return new TableDiff(definition.table(), true, changes);
    }

    static TableDiff between(TableState live, TableDefinition definition) {
        TableLayout wanted = TableLayout.declared(definition);
        List<TableChange> changes = new ArrayList<>();
        format(live, definition, changes);
        location(live, wanted, changes);
        SchemaChanges schema = SchemaChanges.of(live, wanted.schema(), definition.columns());
        changes.addAll(schema.changes());
        idColumns(live, definition, wanted.schema(), schema, changes);
        partitioning(live, definition, wanted, schema, changes);
        List<String> sorting = live.sorting();
        if (!sorting.stream()
                .map(field -> sortAfter(field, schema))
                .toList()
                .equals(TableState.sorting(wanted.sortOrder(), wanted.schema()))) {
            changes.add(new ChangeSortOrder(sorting, definition.sortBy() == null ? List.of() : definition.sortBy()));
        }
        properties(live, wanted, schema, changes);
        return new TableDiff(definition.table(), false, List.copyOf(changes));
    }

    /** Makes the changes, in one commit of the transaction's owner. */
    void apply(Transaction transaction) {
        // A new column's default takes the new format, a column that goes may not be sorted by any more.
        apply(UpgradeFormat.class, transaction);
        boolean drops = changes.stream().anyMatch(DropColumn.class::isInstance);
        boolean sorts = changes.stream().anyMatch(ChangeSortOrder.class::isInstance);
        if (drops && sorts) {
            transaction.replaceSortOrder().commit();
        }
        List<OfSchema> ofSchema = changes.stream()
                .filter(OfSchema.class::isInstance)
                .map(OfSchema.class::cast)
                .toList();
        if (!ofSchema.isEmpty()) {
            UpdateSchema schema = transaction.updateSchema();
            ofSchema.forEach(change -> change.apply(schema));
            schema.commit();
        }
        apply(ChangePartitioning.class, transaction);
        apply(ChangeSortOrder.class, transaction);
        apply(ChangeProperties.class, transaction);
    }

    private void apply(Class<? extends OfTable> kind, Transaction transaction) {
        changes.stream().filter(kind::isInstance).map(kind::cast).forEach(change -> change.apply(transaction));
    }

    private static void format(TableState live, TableDefinition definition, List<TableChange> changes) {
        Integer version = definition.formatVersion();
        if (version == null || version == live.formatVersion()) {
            return;
        }
        changes.add(
                version > live.formatVersion()
                        ? new UpgradeFormat(live.formatVersion(), version)
                        : new Refused("the table has format-version " + live.formatVersion() + " and the YAML says "
                                + version + ", but a format is never taken back: write format-version: "
                                + live.formatVersion()));
    }

    private static void location(TableState live, TableLayout wanted, List<TableChange> changes) {
        if (wanted.location() != null
                && !SchemaPlan.trimmed(wanted.location()).equals(SchemaPlan.trimmed(live.location()))) {
            changes.add(new Refused("the table lies at " + live.location() + " and the YAML says " + wanted.location()
                    + ", but its files are not moved: write location: " + live.location()
                    + ", or make a table of another name and load it"));
        }
    }

    private static void idColumns(
            TableState live,
            TableDefinition definition,
            Schema wanted,
            SchemaChanges schema,
            List<TableChange> changes) {
        Set<String> is = new TreeSet<>();
        for (String id : live.schema().identifierFieldNames()) {
            String after = schema.pathAfter(id);
            is.add(after == null ? id : after);
        }
        Set<String> shall = new TreeSet<>(wanted.identifierFieldNames());
        List<String> mayBeNull = live.schema().columns().stream()
                .filter(NestedField::isOptional)
                .map(field -> schema.pathAfter(field.name()))
                .filter(name -> name != null && shall.contains(name))
                .toList();
        boolean added = definition.columns().stream()
                .map(TableColumn::name)
                .anyMatch(name -> shall.contains(name) && isAdded(name, changes));
        if (!mayBeNull.isEmpty() || added) {
            changes.add(
                    new Noted("id-columns " + shall + " are not told to the table, since rows that are there may lack"
                            + " them; upserts go by them all the same"));
        } else if (!is.equals(shall)) {
            changes.add(new ChangeIdColumns(is, shall));
        }
    }

    private static boolean isAdded(String column, List<TableChange> changes) {
        return changes.stream()
                .anyMatch(change -> change instanceof AddColumn add
                        && add.parent() == null
                        && add.field().name().equals(column)
                        && add.field().initialDefault() == null);
    }

    private static void partitioning(
            TableState live,
            TableDefinition definition,
            TableLayout wanted,
            SchemaChanges schema,
            List<TableChange> changes) {
        List<String> from = live.partitioning();
        Set<String> is = new HashSet<>();
        from.forEach(field -> is.add(partitionAfter(field, schema)));
        List<String> to = TableState.partitioning(wanted.spec(), wanted.schema());
        if (is.equals(Set.copyOf(to))) {
            return;
        }
        List<PartitionField> removed = is.stream()
                .filter(field -> !to.contains(field))
                .sorted()
                .map(PartitionField::parse)
                .toList();
        List<PartitionField> added = definition.partitionBy() == null
                ? List.of()
                : definition.partitionBy().stream()
                        .filter(field -> !is.contains(field.text()))
                        .toList();
        changes.add(new ChangePartitioning(removed, added, from, to));
    }

    private static String partitionAfter(String field, SchemaChanges schema) {
        PartitionField parsed = PartitionField.parse(field);
        String after = schema.pathAfter(parsed.column());
        return after == null ? field : new PartitionField(parsed.transform(), parsed.width(), after).text();
    }

    private static String sortAfter(String field, SchemaChanges schema) {
        int end = field.indexOf(' ') < 0 ? field.length() : field.indexOf(' ');
        String after = schema.pathAfter(field.substring(0, end));
        return after == null ? field : after + field.substring(end);
    }

    /** What the definition names, and what live properties say of columns that are renamed or go. */
    private static void properties(
            TableState live, TableLayout wanted, SchemaChanges schema, List<TableChange> changes) {
        SortedMap<String, String> set = new TreeMap<>();
        Set<String> removed = new TreeSet<>();
        live.properties().forEach((key, value) -> {
            String column = KnownProperties.column(key);
            if (column != null && !Objects.equals(schema.pathAfter(column), column)) {
                removed.add(key);
                String after = schema.pathAfter(column);
                if (after != null) {
                    set.put(key.substring(0, key.length() - column.length()) + after, value);
                }
            }
        });
        for (Map.Entry<String, String> property : wanted.properties().entrySet()) {
            boolean format = property.getKey().equals(TableLayout.FORMAT_VERSION);
            if (format) {
                continue;
            }
            if (Objects.equals(live.properties().get(property.getKey()), property.getValue())) {
                set.remove(property.getKey());
            } else {
                set.put(property.getKey(), property.getValue());
            }
        }
        if (!set.isEmpty() || !removed.isEmpty()) {
            changes.add(new ChangeProperties(set, removed));
        }
    }
}
