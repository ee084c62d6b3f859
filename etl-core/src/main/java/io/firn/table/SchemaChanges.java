package io.firn.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;

import io.firn.table.TableChange.AddColumn;
import io.firn.table.TableChange.CommentColumn;
import io.firn.table.TableChange.DropColumn;
import io.firn.table.TableChange.Noted;
import io.firn.table.TableChange.Refused;
import io.firn.table.TableChange.RelaxColumn;
import io.firn.table.TableChange.RenameColumn;
import io.firn.table.TableChange.ReorderColumns;
import io.firn.table.TableChange.WidenColumn;

/**
 * What leads from a live schema to another one: walks both side by side, into structs, elements of lists and values of
 * maps. To a declared one, all the way: fields meet by name, or by the name that the declaration says they had, and
 * columns of Firn's own are left alone. For rows that are to be loaded, only as far as they need it: what they lack is
 * kept, and comments and order are let be.
 */
final class SchemaChanges {
    private static final String OWN = "firn_";

    private final TableState live;
    private final boolean rowsAlone;
    /** Declared path to the name that the field had. */
    private final Map<String, String> oldNames;

    private final List<TableChange> changes = new ArrayList<>();
    /** Live path to declared path, of what is renamed. */
    private final Map<String, String> renamed = new HashMap<>();

    private final Set<String> dropped = new HashSet<>();

    private SchemaChanges(TableState live, List<TableColumn> declared, boolean rowsAlone) {
        this.live = live;
        this.rowsAlone = rowsAlone;
        this.oldNames = oldNames(declared);
    }

    static SchemaChanges of(TableState live, Schema wanted, List<TableColumn> declared) {
        SchemaChanges changes = new SchemaChanges(live, declared, false);
        changes.fields("", "", live.schema().columns(), wanted.columns());
        return changes;
    }

    /** What rows of {@code wanted} need. */
    static List<TableChange> forRows(TableState live, Schema wanted) {
        SchemaChanges changes = new SchemaChanges(live, List.of(), true);
        changes.fields("", "", live.schema().columns(), wanted.columns());
        return changes.changes;
    }

    List<TableChange> changes() {
        return changes;
    }

    /** Where a live column stands once the renames are made; null: it is dropped. */
    String pathAfter(String path) {
        for (String at = path; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('.')))) {
            if (dropped.contains(at)) {
                return null;
            }
            String declared = renamed.get(at);
            if (declared != null) {
                return declared + path.substring(at.length());
            }
        }
        return path;
    }

    private static Map<String, String> oldNames(List<TableColumn> declared) {
        Map<String, String> names = new HashMap<>();
        for (TableColumn column : declared) {
            if (column.renamedFrom() != null) {
                names.put(column.name(), column.renamedFrom());
            }
            if (column.renamedFields() != null) {
                column.renamedFields().forEach((path, old) -> names.put(column.name() + "." + path, old));
            }
        }
        return names;
    }

    /**
     * The fields of one struct, or the columns.
     *
     * @param at its path in the live table with a dot, empty for the columns
     * @param declaredAt its path as declared, likewise
     */
    private void fields(String at, String declaredAt, List<NestedField> is, List<NestedField> shall) {
        Set<NestedField> met = new HashSet<>();
        List<String> added = new ArrayList<>();
        List<String> order = new ArrayList<>();
        for (NestedField wanted : shall) {
            NestedField present = meet(at, declaredAt, wanted, is);
            if (present == null) {
                changes.add(new AddColumn(at.isEmpty() ? null : at.substring(0, at.length() - 1), wanted));
                added.add(at + wanted.name());
                order.add(at + wanted.name());
                continue;
            }
            met.add(present);
            order.add(at + present.name());
            field(at + present.name(), declaredAt + wanted.name(), present, wanted);
        }
        List<String> now = new ArrayList<>();
        for (NestedField present : is) {
            if (met.contains(present)) {
                now.add(at + present.name());
            } else if (rowsAlone) {
                keep(at + present.name(), present);
            } else if (at.isEmpty() && present.name().startsWith(OWN)) {
                now.add(present.name());
                order.add(present.name());
            } else {
                drop(at + present.name(), present);
            }
        }
        now.addAll(added);
        if (!rowsAlone && !now.equals(order)) {
            changes.add(new ReorderColumns(now, order));
        }
    }

    /** The live field that a declared one is; null: there is none. */
    private NestedField meet(String at, String declaredAt, NestedField wanted, List<NestedField> is) {
        NestedField same = rowsAlone ? anyCase(wanted.name(), is) : named(wanted.name(), is);
        if (same != null) {
            return same;
        }
        String old = oldNames.get(declaredAt + wanted.name());
        NestedField before = old == null ? null : named(old, is);
        if (before != null) {
            changes.add(new RenameColumn(at + old, wanted.name()));
            renamed.put(at + old, declaredAt + wanted.name());
            return before;
        }
        for (NestedField field : is) {
            if (field.name().equalsIgnoreCase(wanted.name())) {
                changes.add(new Refused("column " + at + field.name() + " is written " + declaredAt + wanted.name()
                        + " in the YAML, and names that differ in case alone are one name to Spark: write "
                        + field.name() + ", or rename it with renamed-from: " + field.name()));
                return field;
            }
        }
        return null;
    }

    private void field(String path, String declaredPath, NestedField present, NestedField wanted) {
        if (!path.equals(declaredPath)) {
            renamed.putIfAbsent(path, declaredPath);
        }
        if (present.isRequired() && wanted.isOptional()) {
            changes.add(new RelaxColumn(path));
        }
        if (!rowsAlone && present.isOptional() && wanted.isRequired()) {
            changes.add(new Noted(path + " may be null in the table, where rows may lack it; loads demand it"));
        }
        if (!rowsAlone && !path.contains(".") && !Objects.equals(present.doc(), wanted.doc())) {
            changes.add(new CommentColumn(path, wanted.doc()));
        }
        if (!rowsAlone
                && wanted.initialDefault() != null
                && !wanted.initialDefault().equals(present.initialDefault())) {
            changes.add(new Refused("initial-default of column " + path + " is "
                    + (present.initialDefault() == null ? "not set" : present.initialDefault()) + " in the table and "
                    + wanted.initialDefault() + " in the YAML, and cannot change once the column is there: "
                    + (present.initialDefault() == null
                            ? "remove it, and update the rows that lack a value by SQL"
                            : "write initial-default: " + present.initialDefault())));
        }
        types(path, declaredPath, present.type(), wanted.type());
    }

    private void types(String path, String declaredPath, Type present, Type wanted) {
        if (present.isStructType() && wanted.isStructType()) {
            fields(
                    path + ".",
                    declaredPath + ".",
                    present.asStructType().fields(),
                    wanted.asStructType().fields());
        } else if (present.isListType() && wanted.isListType()) {
            types(
                    path + ".element",
                    declaredPath + ".element",
                    present.asListType().elementType(),
                    wanted.asListType().elementType());
        } else if (present.isMapType()
                && wanted.isMapType()
                && present.asMapType().keyType().equals(wanted.asMapType().keyType())) {
            types(
                    path + ".value",
                    declaredPath + ".value",
                    present.asMapType().valueType(),
                    wanted.asMapType().valueType());
        } else if (!present.equals(wanted)) {
            changes.add(
                    widens(present, wanted) ? new WidenColumn(path, present, wanted) : other(path, present, wanted));
        }
    }

    private Refused other(String path, Type present, Type wanted) {
        String is = TypeText.of(present);
        return new Refused("column " + path + " is " + is + " in the table and " + TypeText.of(wanted)
                + (rowsAlone ? " in its definition" : " in the YAML") + ", which not every value would survive: write"
                + " type: " + is + ", or give the new column another name");
    }

    /** Whether a column may take the other type with all values that it has, by Iceberg's rules of promotion. */
    static boolean widens(Type present, Type wanted) {
        boolean plain = present.typeId() == TypeID.INTEGER
                || present.typeId() == TypeID.FLOAT
                || present.typeId() == TypeID.DECIMAL;
        return plain && wanted.isPrimitiveType() && TypeUtil.isPromotionAllowed(present, wanted.asPrimitiveType());
    }

    private void keep(String path, NestedField field) {
        if (field.isRequired()) {
            changes.add(new Refused("its required column " + path
                    + " is not in the definition: add it there, or make it optional in the table"));
        }
    }

    private void drop(String path, NestedField field) {
        boolean partitions = live.specs().stream()
                .flatMap(spec -> spec.fields().stream())
                .filter(partition -> !partition.transform().isVoid())
                .anyMatch(partition -> holds(field, partition.sourceId()));
        if (partitions) {
            changes.add(
                    new Refused("column " + path + " is not in the YAML, but the table is or was partitioned by it, and"
                            + " files written so cannot be read without it: write it into columns again"));
            return;
        }
        if (live.madeByRuns().contains(path)) {
            changes.add(new Noted("column " + path + " is not in the YAML: runs made it, since the data had it. It"
                    + " stays; ALTER TABLE drops it"));
            return;
        }
        dropped.add(path);
        changes.add(new DropColumn(path, TypeText.of(field.type())));
    }

    private static boolean holds(NestedField field, int id) {
        return field.fieldId() == id || TypeUtil.getProjectedIds(field.type()).contains(id);
    }

    /** The field of that name as Spark sees names. */
    static NestedField anyCase(String name, List<NestedField> fields) {
        return fields.stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst()
                .orElse(null);
    }

    private static NestedField named(String name, List<NestedField> fields) {
        return fields.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
