package io.firn.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;

import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;

import io.firn.table.TableChange.AddColumn;
import io.firn.table.TableChange.ChangePartitioning;
import io.firn.table.TableChange.Effect;
import io.firn.table.TableChange.OfSchema;
import io.firn.table.TableChange.Refused;
import io.firn.table.TableChange.RelaxColumn;
import io.firn.table.TableChange.RenameColumn;
import io.firn.table.TableChange.UpgradeFormat;
import io.firn.table.TableChange.WidenColumn;

/**
 * What it takes to make a table what its definition says.
 *
 * @param create the table does not exist
 * @param changes of the schema, which a run makes before it writes
 * @param properties table properties to set
 * @param conflicts differences that Firn does not change, each with what to do
 */
public record SchemaPlan(
        boolean create, List<TableChange> changes, Map<String, String> properties, List<String> conflicts) {

    /** Nothing has to be done. */
    public boolean inPlace() {
        return !create && changes.isEmpty() && properties.isEmpty() && conflicts.isEmpty();
    }

    /** Columns to add, {@code name type}; nested ones by their full name. */
    public List<String> added() {
        return texts(
                AddColumn.class,
                add -> add.path() + " " + TypeText.of(add.field().type()));
    }

    /** Columns that were required and may be null from now on. */
    public List<String> relaxed() {
        return relaxed(changes);
    }

    /** Columns whose type comes to hold more, as text. */
    public List<String> widened() {
        return texts(WidenColumn.class, TableChange::text);
    }

    private <T extends TableChange> List<String> texts(Class<T> kind, Function<T, String> text) {
        return changes.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .map(text)
                .toList();
    }

    private static List<String> relaxed(List<TableChange> changes) {
        return changes.stream()
                .filter(RelaxColumn.class::isInstance)
                .map(change -> ((RelaxColumn) change).path())
                .toList();
    }

    static SchemaPlan creation(TableLayout wanted) {
        List<TableChange> columns = new ArrayList<>();
        wanted.schema().columns().forEach(column -> columns.add(new AddColumn(null, column)));
        return new SchemaPlan(true, columns, wanted.propertiesAtCreation(), List.of());
    }

    static SchemaPlan between(Table table, TableLayout wanted) {
        TableState live = TableState.of(table);
        List<TableChange> all = SchemaChanges.forRows(live, wanted.schema());
        List<TableChange> changes =
                all.stream().filter(OfSchema.class::isInstance).toList();
        List<String> conflicts = new ArrayList<>();
        all.stream().filter(Refused.class::isInstance).map(TableChange::text).forEach(conflicts::add);
        List<String> relaxed = relaxed(changes);
        table.schema().identifierFieldNames().stream()
                .filter(relaxed::contains)
                .forEach(id -> conflicts.add("column " + id
                        + " names the table's rows and may be null by its definition: write required: true"));
        List<String> is = live.partitioning();
        List<String> shall = TableState.partitioning(wanted.spec(), wanted.schema());
        if (!is.equals(shall)) {
            conflicts.add("it is partitioned by " + is + ", its definition says " + shall
                    + ": write the table's partitioning into partition-by, or create the table anew");
        }
        if (wanted.location() != null && !trimmed(wanted.location()).equals(trimmed(table.location()))) {
            conflicts.add("it lies at " + table.location() + ", its definition says " + wanted.location()
                    + ": write the table's location into the definition, or create the table anew");
        }
        String version = wanted.properties().get(TableLayout.FORMAT_VERSION);
        int format = TableUtil.formatVersion(table);
        if (version != null && !version.equals(Integer.toString(format))) {
            conflicts.add("it has format " + format + ", its definition says " + version + ": write format-version: "
                    + format + ", or upgrade the table by hand, which cannot be undone and locks out readers that know"
                    + " only older formats");
        }
        Map<String, String> properties = new TreeMap<>();
        wanted.properties().forEach((key, value) -> {
            if (!key.equals(TableLayout.FORMAT_VERSION)
                    && !Objects.equals(table.properties().get(key), value)) {
                properties.put(key, value);
            }
        });
        boolean neverLoaded = wanted.declared()
                && SchemaChanges.anyCase(LoadColumns.LOADED_AT, table.schema().columns()) == null;
        if (neverLoaded) {
            // Made before it was known how it is loaded: what such tables are created with is still to be set.
            wanted.propertiesAtCreation().forEach((key, value) -> {
                if (!key.equals(TableLayout.FORMAT_VERSION)
                        && !table.properties().containsKey(key)) {
                    properties.put(key, value);
                }
            });
        }
        return new SchemaPlan(false, changes, properties, conflicts);
    }

    /** The same for a table that is declared: what a run does not change by itself is for {@code firn apply}. */
    SchemaPlan declared(TableDiff diff) {
        List<String> left = diff.changes().stream()
                .filter(change -> change instanceof RenameColumn
                        || change instanceof WidenColumn
                        || change instanceof ChangePartitioning
                        || change instanceof UpgradeFormat
                        || change.effect() == Effect.REFUSED)
                .map(TableChange::text)
                .toList();
        if (left.isEmpty()) {
            return this;
        }
        List<String> all = new ArrayList<>();
        all.add("its definition under ddl/ is not applied yet; firn plan " + diff.table() + " shows it, firn apply "
                + diff.table() + " makes it so");
        all.addAll(left);
        return new SchemaPlan(false, changes, properties, all);
    }

    static String trimmed(String location) {
        return location.replaceFirst("^file:/+", "/").replaceFirst("/+$", "");
    }
}
