package io.firn.table;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;

import io.firn.table.TableChange.AddColumn;
import io.firn.table.TableChange.ChangeIdColumns;
import io.firn.table.TableChange.CommentColumn;
import io.firn.table.TableChange.DropColumn;
import io.firn.table.TableChange.RelaxColumn;
import io.firn.table.TableChange.RenameColumn;
import io.firn.table.TableChange.WidenColumn;

/** What led from one schema of a table to a later one: their fields meet by Iceberg's ids, whatever their names. */
final class SchemaStep {
    private final Schema before;
    private final Schema after;
    private final Map<Integer, Integer> parentsBefore;
    private final Map<Integer, Integer> parentsAfter;
    private final List<String> texts = new ArrayList<>();

    private SchemaStep(Schema before, Schema after) {
        this.before = before;
        this.after = after;
        parentsBefore = TypeUtil.indexParents(before.asStruct());
        parentsAfter = TypeUtil.indexParents(after.asStruct());
    }

    static List<String> texts(Schema before, Schema after) {
        SchemaStep step = new SchemaStep(before, after);
        step.all();
        return step.texts;
    }

    private void all() {
        Map<Integer, NestedField> is = new LinkedHashMap<>(TypeUtil.indexById(before.asStruct()));
        Map<Integer, NestedField> now = new LinkedHashMap<>(TypeUtil.indexById(after.asStruct()));
        new TreeSet<>(now.keySet()).forEach(id -> {
            if (!is.containsKey(id) && outermost(id, parentsAfter, is)) {
                add(now.get(id));
            } else if (is.containsKey(id)) {
                changed(is.get(id), now.get(id));
            }
        });
        new TreeSet<>(is.keySet()).forEach(id -> {
            if (!now.containsKey(id) && outermost(id, parentsBefore, now)) {
                NestedField field = is.get(id);
                tell(new DropColumn(before.findColumnName(id), TypeText.of(field.type())));
            }
        });
        TreeSet<String> ids = new TreeSet<>(before.identifierFieldNames());
        TreeSet<String> idsNow = new TreeSet<>(after.identifierFieldNames());
        if (!before.identifierFieldIds().equals(after.identifierFieldIds())) {
            tell(new ChangeIdColumns(ids, idsNow));
        }
        if (texts.isEmpty()) {
            texts.add("another order of columns");
        }
    }

    /** Whether what holds the field is in both schemas. */
    private static boolean outermost(int id, Map<Integer, Integer> parents, Map<Integer, NestedField> other) {
        Integer parent = parents.get(id);
        return parent == null || other.containsKey(parent);
    }

    private void add(NestedField field) {
        Integer parent = parentsAfter.get(field.fieldId());
        tell(new AddColumn(parent == null ? null : after.findColumnName(parent), field));
    }

    private void changed(NestedField is, NestedField now) {
        String path = before.findColumnName(is.fieldId());
        if (!is.name().equals(now.name())) {
            tell(new RenameColumn(path, now.name()));
        }
        if (is.isRequired() && now.isOptional()) {
            tell(new RelaxColumn(path));
        }
        if (is.isOptional() && now.isRequired()) {
            texts.add(path + " must not be null");
        }
        Type from = is.type();
        if (from.isPrimitiveType() && now.type().isPrimitiveType() && !from.equals(now.type())) {
            tell(new WidenColumn(path, from, now.type()));
        }
        if (!Objects.equals(is.doc(), now.doc())) {
            tell(new CommentColumn(path, now.doc()));
        }
    }

    private void tell(TableChange change) {
        texts.add(change.text());
    }
}
