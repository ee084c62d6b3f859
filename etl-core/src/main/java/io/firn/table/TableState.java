package io.firn.table;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortField;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;

/**
 * What a live table is, as far as a definition can say it.
 *
 * @param spec how rows are partitioned now
 * @param specs this and every earlier partitioning that files may have
 */
record TableState(
        Schema schema,
        PartitionSpec spec,
        Collection<PartitionSpec> specs,
        SortOrder sortOrder,
        Map<String, String> properties,
        int formatVersion,
        String location) {
    private static final Pattern WIDTH = Pattern.compile("(bucket|truncate)\\[(\\d+)\\]");

    static TableState of(Table table) {
        return new TableState(
                table.schema(),
                table.spec(),
                table.specs().values(),
                table.sortOrder(),
                table.properties(),
                TableUtil.formatVersion(table),
                table.location());
    }

    /** Columns that runs added since the data had them, and no definition has to list. */
    Set<String> madeByRuns() {
        Set<String> made = new HashSet<>();
        properties.forEach((key, value) -> {
            if (key.startsWith(EvolvedColumn.PREFIX)) {
                made.add(key.substring(EvolvedColumn.PREFIX.length()));
            } else if (StatePointer.isProperty(key)
                    && StatePointer.parse(key, value) instanceof PositionPointer position
                    && position.state().columns() != null) {
                position.state().columns().stream()
                        .filter(SourceColumn::alternate)
                        .forEach(column -> made.add(column.name()));
            }
        });
        return made;
    }

    /** The partition fields as YAML writes them. */
    List<String> partitioning() {
        return partitioning(spec, schema);
    }

    static List<String> partitioning(PartitionSpec spec, Schema schema) {
        return spec.fields().stream()
                .filter(field -> !field.transform().isVoid())
                .map(field -> call(field.transform().toString(), schema.findColumnName(field.sourceId())))
                .toList();
    }

    /** The sort order as YAML writes it, as far as YAML can: nulls where they are not by themselves are told too. */
    List<String> sorting() {
        return sorting(sortOrder, schema);
    }

    static List<String> sorting(SortOrder order, Schema schema) {
        List<String> fields = new ArrayList<>();
        for (SortField field : order.fields()) {
            String column = call(field.transform().toString(), schema.findColumnName(field.sourceId()));
            String text =
                    switch (field.direction()) {
                        case ASC -> column;
                        case DESC -> column + " desc";
                    };
            boolean usual =
                    switch (field.nullOrder()) {
                        case NULLS_FIRST -> !text.endsWith(" desc");
                        case NULLS_LAST -> text.endsWith(" desc");
                    };
            fields.add(usual ? text : text + " " + field.nullOrder());
        }
        return fields;
    }

    private static String call(String transform, String column) {
        if (transform.equals("identity")) {
            return column;
        }
        Matcher width = WIDTH.matcher(transform);
        return width.matches()
                ? width.group(1) + "(" + width.group(2) + ", " + column + ")"
                : transform + "(" + column + ")";
    }
}
