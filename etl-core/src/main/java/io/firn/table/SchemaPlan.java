package io.firn.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;

import io.firn.table.TableChange.ChangePartitioning;
import io.firn.table.TableChange.Effect;
import io.firn.table.TableChange.RenameColumn;
import io.firn.table.TableChange.UpgradeFormat;
import io.firn.table.TableChange.WidenColumn;

/**
 * What it takes to make a table what its definition says.
 *
 * @param create the table does not exist
 * @param added columns to add, {@code name type}; nested ones by their full name
 * @param relaxed columns that were required and may be null from now on
 * @param properties table properties to set
 * @param conflicts differences that Firn does not change, each with what to do
 */
public record SchemaPlan(
        boolean create,
        List<String> added,
        List<String> relaxed,
        Map<String, String> properties,
        List<String> conflicts) {

    /** Nothing has to be done. */
    public boolean inPlace() {
        return !create && added.isEmpty() && relaxed.isEmpty() && properties.isEmpty() && conflicts.isEmpty();
    }

    static SchemaPlan creation(TableLayout wanted) {
        return new SchemaPlan(
                true,
                wanted.schema().columns().stream()
                        .map(field -> field.name() + " " + text(field.type()))
                        .toList(),
                List.of(),
                wanted.propertiesAtCreation(),
                List.of());
    }

    static SchemaPlan between(Table table, TableLayout wanted) {
        List<String> conflicts = new ArrayList<>();
        SchemaDiff diff = SchemaDiff.between(table.schema(), wanted.schema());
        conflicts.addAll(diff.conflicts());
        table.schema().identifierFieldNames().stream()
                .filter(diff.relaxed()::contains)
                .forEach(id -> conflicts.add("column " + id
                        + " names the table's rows and may be null by its definition: write required: true"));
        List<String> is = fields(table.spec(), table.schema());
        List<String> shall = fields(wanted.spec(), wanted.schema());
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
                && diff.additions().stream()
                        .anyMatch(addition -> addition.path().equals(LoadColumns.LOADED_AT));
        if (neverLoaded) {
            // Made before it was known how it is loaded: what such tables are created with is still to be set.
            wanted.propertiesAtCreation().forEach((key, value) -> {
                if (!key.equals(TableLayout.FORMAT_VERSION)
                        && !table.properties().containsKey(key)) {
                    properties.put(key, value);
                }
            });
        }
        return new SchemaPlan(
                false,
                diff.additions().stream()
                        .map(a -> a.path() + " " + text(a.field().type()))
                        .toList(),
                diff.relaxed(),
                properties,
                conflicts);
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
        return new SchemaPlan(false, added, relaxed, properties, all);
    }

    /** As YAML writes it: without Iceberg's field ids. */
    private static String text(Type type) {
        return type.toString().replaceAll("\\d+: (\\w+): (optional|required) ", "$1: ");
    }

    /** One column that a table lacks; {@code parent} is null for a top-level column. */
    record Addition(String parent, NestedField field) {
        String path() {
            return parent == null ? field.name() : parent + "." + field.name();
        }
    }

    /** How two schemas differ. */
    record SchemaDiff(List<Addition> additions, List<String> relaxed, List<String> conflicts) {
        static SchemaDiff between(Schema is, Schema shall) {
            SchemaDiff diff = new SchemaDiff(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            diff.fields(null, is.columns(), shall.columns());
            return diff;
        }

        private void fields(String parent, List<NestedField> is, List<NestedField> shall) {
            for (NestedField wanted : shall) {
                NestedField present = named(wanted.name(), is);
                if (present == null) {
                    additions.add(new Addition(parent, wanted));
                } else {
                    field(parent == null ? present.name() : parent + "." + present.name(), present, wanted);
                }
            }
            for (NestedField present : is) {
                if (present.isRequired() && named(present.name(), shall) == null) {
                    conflicts.add("its required column " + present.name()
                            + " is not in the definition: add it there, or make it optional in the table");
                }
            }
        }

        private void field(String path, NestedField present, NestedField wanted) {
            if (present.isRequired() && wanted.isOptional()) {
                relaxed.add(path);
            }
            types(path, present.type(), wanted.type());
        }

        private void types(String path, Type present, Type wanted) {
            if (present.isStructType() && wanted.isStructType()) {
                fields(
                        path,
                        present.asStructType().fields(),
                        wanted.asStructType().fields());
            } else if (present.isListType() && wanted.isListType()) {
                types(
                        path + ".element",
                        present.asListType().elementType(),
                        wanted.asListType().elementType());
            } else if (present.isMapType() && wanted.isMapType()) {
                types(
                        path + ".key",
                        present.asMapType().keyType(),
                        wanted.asMapType().keyType());
                types(
                        path + ".value",
                        present.asMapType().valueType(),
                        wanted.asMapType().valueType());
            } else if (!present.equals(wanted)) {
                conflicts.add("column " + path + " is " + present + " in the table and " + wanted
                        + " in its definition: write type: " + present + ", or give the column another name");
            }
        }

        static NestedField named(String name, List<NestedField> fields) {
            for (NestedField field : fields) {
                if (field.name().equalsIgnoreCase(name)) {
                    return field;
                }
            }
            return null;
        }
    }

    private static List<String> fields(PartitionSpec spec, Schema schema) {
        return spec.fields().stream()
                .filter(field -> !field.transform().isVoid())
                .map(field -> field.transform().isIdentity()
                        ? schema.findColumnName(field.sourceId())
                        : field.transform() + "(" + schema.findColumnName(field.sourceId()) + ")")
                .toList();
    }

    static String trimmed(String location) {
        return location.replaceFirst("^file:/+", "/").replaceFirst("/+$", "");
    }
}
