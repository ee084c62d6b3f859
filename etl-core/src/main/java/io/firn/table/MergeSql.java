package io.firn.table;

import static io.firn.table.LoadColumns.CHANGE;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.firn.schema.Column;
import io.firn.table.StagedChanges.Deletes;

/** The statements of a merge. Staged rows are {@code s}, the target's are {@code t}. */
final class MergeSql {
    static final String STAGED = "firn_changes";

    private final StagedChanges changes;
    private final String target;
    private final TargetFilter filter;

    /** @param target the table's name for SQL */
    MergeSql(StagedChanges changes, String target, TargetFilter filter) {
        this.changes = changes;
        this.target = target;
        this.filter = filter;
    }

    String deleteBelowFloor() {
        return "DELETE FROM " + target + " WHERE " + belowFloor();
    }

    String countBelowFloor() {
        return "SELECT count(*) FROM " + target + " WHERE " + belowFloor();
    }

    private String belowFloor() {
        String position = SqlNames.quoted(LoadColumns.POSITION);
        return position + " IS NULL OR " + position + " < " + SqlLiterals.text(changes.floor());
    }

    String merge() {
        String newer = "(t.firn_position IS NULL OR s.firn_position > t.firn_position)";
        StringBuilder sql = new StringBuilder("MERGE INTO " + target + " t USING " + STAGED + " s ON " + on());
        if (changes.loadColumns() == CHANGE) {
            sql.append(" WHEN MATCHED AND s.firn_op = 'd' AND ").append(newer);
            sql.append(soft() ? " THEN UPDATE SET " + assignments(loadColumns()) : " THEN DELETE");
        }
        sql.append(" WHEN MATCHED AND ").append(newer);
        sql.append(" THEN UPDATE SET ").append(values());
        if (soft()) {
            List<String> known = new ArrayList<>(changes.keys());
            known.addAll(loadColumns());
            sql.append(" WHEN NOT MATCHED AND s.firn_op = 'd' THEN ").append(insert(known));
        }
        sql.append(" WHEN NOT MATCHED");
        if (changes.loadColumns() == CHANGE) {
            sql.append(" AND s.firn_op <> 'd' AND s.")
                    .append(StagedChanges.UNAVAILABLE)
                    .append(" IS NULL");
        }
        List<String> all = changes.loadColumns().after(changes.columns()).stream()
                .map(Column::name)
                .toList();
        return sql.append(" THEN ").append(insert(all)).toString();
    }

    /** Whether what is staged can be merged at all, and how much of it there is to be. */
    String countStaged() {
        return "SELECT count(*), count(DISTINCT " + keys("s.%s") + "), count_if(" + kept() + "), count_if(" + kept()
                + " AND " + partial() + ") FROM " + STAGED + " s";
    }

    /** How the staged rows stand in the target. */
    String countMerged(boolean small) {
        String kept = kept();
        String older = "(t.firn_position IS NULL OR t.firn_position < s.firn_position)";
        String applied = "(t.firn_position = s.firn_position AND t.firn_loaded_at <=> s.firn_loaded_at)";
        return "SELECT " + (small ? "/*+ BROADCAST(s) */ " : "")
                + "count_if(" + kept + "), "
                + "count(DISTINCT " + keys("IF(" + kept + ", s.%s, NULL)") + "), "
                + "count_if(" + older + "), "
                + "count_if(" + kept + " AND " + applied + "), "
                + "count_if(NOT (" + kept + ")) FROM " + target + " t JOIN " + STAGED + " s ON " + on();
    }

    private String kept() {
        return changes.loadColumns() == CHANGE && !soft() ? "s.firn_op <> 'd'" : "true";
    }

    private String partial() {
        return changes.loadColumns() == CHANGE
                ? "s.firn_op <> 'd' AND s." + StagedChanges.UNAVAILABLE + " IS NOT NULL"
                : "false";
    }

    private String on() {
        return changes.keys().stream()
                        .map(SqlNames::quoted)
                        .map(key -> "t." + key + " = s." + key)
                        .collect(Collectors.joining(" AND "))
                + filter.sql("t");
    }

    private String values() {
        List<Column> columns = changes.columns();
        String own = IntStream.range(0, columns.size())
                .filter(i -> !changes.keys().contains(columns.get(i).name()))
                .mapToObj(i -> assignment(i, SqlNames.quoted(columns.get(i).name())) + ", ")
                .collect(Collectors.joining());
        return own + assignments(loadColumns());
    }

    private String assignment(int position, String column) {
        return changes.unavailable().contains(position)
                ? column + " = CASE WHEN array_contains(s." + StagedChanges.UNAVAILABLE + ", " + position + ") THEN t."
                        + column + " ELSE s." + column + " END"
                : column + " = s." + column;
    }

    private static String assignments(List<String> columns) {
        return columns.stream()
                .map(SqlNames::quoted)
                .map(column -> column + " = s." + column)
                .collect(Collectors.joining(", "));
    }

    private static String insert(List<String> columns) {
        List<String> names = columns.stream().map(SqlNames::quoted).toList();
        return "INSERT (" + String.join(", ", names) + ") VALUES (s." + String.join(", s.", names) + ")";
    }

    private List<String> loadColumns() {
        return changes.loadColumns().columns().stream().map(Column::name).toList();
    }

    private String keys(String each) {
        return changes.keys().stream()
                .map(key -> each.replace("%s", SqlNames.quoted(key)))
                .collect(Collectors.joining(", "));
    }

    private boolean soft() {
        return changes.deletes() == Deletes.SOFT;
    }
}
