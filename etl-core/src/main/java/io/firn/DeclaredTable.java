package io.firn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.firn.config.Place;
import io.firn.schema.Column;
import io.firn.table.TableColumn;
import io.firn.table.TableDefinition;

/**
 * A table that a file under {@code ddl/} defines.
 *
 * @param file that file
 * @param definition with its full name and absolute paths
 */
public record DeclaredTable(Path file, TableDefinition definition) {

    /** The columns to decode where an event names none: each is the key of its name. */
    List<Column> columns() {
        return definition.columns().stream().map(TableColumn::column).toList();
    }

    /** Reports what a pipeline's target says besides the table's name. */
    void checkAlone(TableDefinition target, Place at) {
        for (String key : said(target)) {
            at.at(key)
                    .problem("table " + definition.table() + " is defined in " + file + ": write \"" + key
                            + "\" there, or remove that file");
        }
    }

    /** Those of some columns that the definition lists. */
    List<Column> listed(List<Column> columns) {
        Set<String> names = definition.columns().stream().map(TableColumn::name).collect(Collectors.toSet());
        return columns.stream().filter(column -> names.contains(column.name())).toList();
    }

    /** Reports rows that would not fit the table. */
    void checkRows(List<Column> rows, Place at) {
        List<String> names =
                definition.columns().stream().map(TableColumn::name).toList();
        for (Column row : rows) {
            int index = names.indexOf(row.name());
            if (index < 0) {
                at.problem(
                        "column \"" + row.name() + "\" is not in " + file + ": write it there, or leave it out here");
                continue;
            }
            TableColumn declared = definition.columns().get(index);
            if (!declared.type().equals(row.type())) {
                at.problem("column \"" + row.name() + "\" is " + row.type().text() + " here and "
                        + declared.type().text() + " in " + file + ": write the same type, or cast it");
            } else if (declared.required() && !row.required()) {
                at.problem("column \"" + row.name() + "\" is required in " + file + ": write required: true here too");
            }
        }
        Set<String> given = rows.stream().map(Column::name).collect(Collectors.toSet());
        definition.columns().stream()
                .filter(column -> column.required() && !given.contains(column.name()))
                .forEach(column -> at.problem("column \"" + column.name() + "\" is required in " + file
                        + ", and no column here gives its values"));
    }

    private static List<String> said(TableDefinition target) {
        List<String> keys = new ArrayList<>();
        note("columns", target.columns(), keys);
        note("comment", target.comment(), keys);
        note("location", target.location(), keys);
        note("partition-by", target.partitionBy(), keys);
        note("sort-by", target.sortBy(), keys);
        note("id-columns", target.idColumns(), keys);
        note("properties", target.properties(), keys);
        note("mode", target.mode(), keys);
        note("write-mode", target.writeMode(), keys);
        note("format-version", target.formatVersion(), keys);
        note("timestamp-column", target.timestampColumn(), keys);
        note("deletes", target.deletes(), keys);
        note("remember-deletes", target.rememberDeletes(), keys);
        note("backfill-default", target.backfillDefault(), keys);
        note("retention", target.retention(), keys);
        note("compaction", target.compaction(), keys);
        note("orphans", target.orphans(), keys);
        return keys;
    }

    private static void note(String key, Object value, List<String> keys) {
        if (value != null) {
            keys.add(key);
        }
    }
}
