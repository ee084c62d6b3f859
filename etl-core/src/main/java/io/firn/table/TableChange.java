package io.firn.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

import org.apache.iceberg.NullOrder;
import org.apache.iceberg.ReplaceSortOrder;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.UpdatePartitionSpec;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Term;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;

/** One difference between a live table and its definition. Columns are named by their path in the live table. */
public sealed interface TableChange {

    /** The difference for people, with what is there and what is to be. */
    String text();

    /** What making it means for those who read the table. */
    default Effect effect() {
        return Effect.SAFE;
    }

    /** What a change means. */
    enum Effect {
        /** Every value stays readable, and the change can be taken back. */
        SAFE,
        /** Values are lost to readers, or there is no way back: made only when it is allowed. */
        DESTRUCTIVE,
        /** Never made; the text says what to write instead. */
        REFUSED,
        /** Stays as it is and does no harm; nothing to do. */
        NOTED
    }

    /** A change of the schema; all of them go into one update. */
    sealed interface OfSchema extends TableChange {
        void apply(UpdateSchema schema);
    }

    /** A change of something else. */
    sealed interface OfTable extends TableChange {
        void apply(Transaction transaction);
    }

    /**
     * A column, or a field of a struct.
     *
     * @param parent the struct that gains it; null: the table
     */
    record AddColumn(String parent, NestedField field) implements OfSchema {
        String path() {
            return (parent == null ? "" : parent + ".") + field.name();
        }

        @Override
        public String text() {
            String value = field.initialDefault() == null ? "" : ", older rows read " + field.initialDefault();
            return "add " + path() + " " + TypeText.of(field.type()) + value;
        }

        @Override
        public void apply(UpdateSchema schema) {
            if (field.isRequired() && field.initialDefault() != null) {
                schema.addRequiredColumn(
                        parent, field.name(), field.type(), field.doc(), field.initialDefaultLiteral());
            } else {
                // Rows that are there have no value, so the table cannot require one; loads do.
                schema.addColumn(parent, field.name(), field.type(), field.doc(), field.initialDefaultLiteral());
            }
        }
    }

    record DropColumn(String path, String type) implements OfSchema {
        @Override
        public String text() {
            return "drop " + path + " " + type + " with all its values";
        }

        @Override
        public Effect effect() {
            return Effect.DESTRUCTIVE;
        }

        @Override
        public void apply(UpdateSchema schema) {
            schema.deleteColumn(path);
        }
    }

    record RenameColumn(String path, String to) implements OfSchema {
        @Override
        public String text() {
            return "rename " + path + " to " + to;
        }

        @Override
        public void apply(UpdateSchema schema) {
            schema.renameColumn(path, to);
        }
    }

    record WidenColumn(String path, Type from, Type to) implements OfSchema {
        @Override
        public String text() {
            return "widen " + path + " from " + from + " to " + to;
        }

        @Override
        public void apply(UpdateSchema schema) {
            schema.updateColumn(path, to.asPrimitiveType());
        }
    }

    record RelaxColumn(String path) implements OfSchema {
        @Override
        public String text() {
            return path + " may be null";
        }

        @Override
        public void apply(UpdateSchema schema) {
            schema.makeColumnOptional(path);
        }
    }

    /**
     * Another comment.
     *
     * @param to null: none
     */
    record CommentColumn(String path, String to) implements OfSchema {
        @Override
        public String text() {
            return to == null ? "no comment on " + path : "comment on " + path + ": " + to;
        }

        @Override
        public void apply(UpdateSchema schema) {
            schema.updateColumnDoc(path, to);
        }
    }

    /**
     * Another order of columns, or of a struct's fields; paths.
     *
     * @param from as they stand once all are there
     */
    record ReorderColumns(List<String> from, List<String> to) implements OfSchema {
        @Override
        public String text() {
            return "order " + String.join(", ", to);
        }

        @Override
        public void apply(UpdateSchema schema) {
            List<String> now = new ArrayList<>(from);
            for (int i = 0; i < to.size(); i++) {
                String column = to.get(i);
                if (now.get(i).equals(column)) {
                    continue;
                }
                if (i == 0) {
                    schema.moveFirst(column);
                } else {
                    schema.moveAfter(column, to.get(i - 1));
                }
                now.remove(column);
                now.add(i, column);
            }
        }
    }

    record ChangeIdColumns(Set<String> from, Set<String> to) implements OfSchema {
        @Override
        public String text() {
            return "id-columns " + from + " become " + to;
        }

        @Override
        public void apply(UpdateSchema schema) {
            schema.setIdentifierFields(to);
        }
    }

    /**
     * Files that are there keep the partitioning they were written with.
     *
     * @param from null: there is no table yet
     */
    record ChangePartitioning(
            List<PartitionField> removed, List<PartitionField> added, List<String> from, List<String> to)
            implements OfTable {
        @Override
        public String text() {
            return from == null
                    ? "partition-by " + to
                    : "partition-by " + from + " becomes " + to + ", for rows written from now on";
        }

        @Override
        public void apply(Transaction transaction) {
            UpdatePartitionSpec spec = transaction.updateSpec();
            removed.forEach(field -> spec.removeField(term(field)));
            added.forEach(field -> spec.addField(term(field)));
            spec.commit();
        }

        private static Term term(PartitionField field) {
            String column = field.column();
            return switch (field.transform()) {
                case IDENTITY -> Expressions.ref(column);
                case YEAR -> Expressions.year(column);
                case MONTH -> Expressions.month(column);
                case DAY -> Expressions.day(column);
                case HOUR -> Expressions.hour(column);
                case BUCKET -> Expressions.bucket(column, field.width());
                case TRUNCATE -> Expressions.truncate(column, field.width());
            };
        }
    }

    /**
     * Another order of rows within files.
     *
     * @param from null: there is no table yet
     */
    record ChangeSortOrder(List<String> from, List<SortField> to) implements OfTable {
        @Override
        public String text() {
            List<String> fields = to.stream().map(SortField::text).toList();
            return from == null ? "sort-by " + fields : "sort-by " + from + " becomes " + fields;
        }

        @Override
        public void apply(Transaction transaction) {
            ReplaceSortOrder order = transaction.replaceSortOrder();
            for (SortField field : to) {
                if (field.descending()) {
                    order.desc(field.column(), NullOrder.NULLS_LAST);
                } else {
                    order.asc(field.column(), NullOrder.NULLS_FIRST);
                }
            }
            order.commit();
        }
    }

    /** Properties that the definition names, and those of columns that go. */
    record ChangeProperties(SortedMap<String, String> set, Set<String> removed) implements OfTable {
        @Override
        public String text() {
            List<String> all = new ArrayList<>();
            for (Map.Entry<String, String> property : set.entrySet()) {
                all.add("set " + property.getKey() + " = " + property.getValue());
            }
            removed.forEach(key -> all.add("remove " + key));
            return String.join("; ", all);
        }

        @Override
        public void apply(Transaction transaction) {
            UpdateProperties properties = transaction.updateProperties();
            set.forEach(properties::set);
            removed.forEach(properties::remove);
            properties.commit();
        }
    }

    record UpgradeFormat(int from, int to) implements OfTable {
        @Override
        public String text() {
            return "upgrade format-version " + from + " to " + to
                    + ": readers that know only older formats are locked out, and there is no way back";
        }

        @Override
        public Effect effect() {
            return Effect.DESTRUCTIVE;
        }

        @Override
        public void apply(Transaction transaction) {
            transaction
                    .updateProperties()
                    .set(TableLayout.FORMAT_VERSION, Integer.toString(to))
                    .commit();
        }
    }

    /** A difference that cannot be made good. */
    record Refused(String text) implements TableChange {
        @Override
        public Effect effect() {
            return Effect.REFUSED;
        }
    }

    /** A difference that stays. */
    record Noted(String text) implements TableChange {
        @Override
        public Effect effect() {
            return Effect.NOTED;
        }
    }
}
