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
    /** So many staged rows are sent to every task, so that the target is read without a shuffle. */
    private static final long SENT_TO_EVERY_TASK = 1_000_000;

    private final StagedChanges changes;
    private final String target;
    private final TargetFilter filter;

    /** @param target the branch's name for SQL */
    MergeSql(StagedChanges changes, String target, TargetFilter filter) {
        this.changes = changes;
        this.target = target;
        this.filter = filter;
    }

    /** What is staged: keys, whether a row stays, whether it does not know all columns, position. */
    static String selectStaged(StagedChanges changes) {
        MergeSql sql = new MergeSql(changes, "", TargetFilter.NONE);
        return "SELECT " + sql.keys("s.%s") + ", " + sql.stays() + ", " + sql.partial() + ", s.firn_position FROM "
                + STAGED + " s";
    }

    /** Of what is staged: rows, keys, rows that stay, those of them that do not know all columns, first position. */
    static String countStaged(StagedChanges changes) {
        MergeSql sql = new MergeSql(changes, "", TargetFilter.NONE);
        return "SELECT count(*), count(DISTINCT " + sql.keys("s.%s") + "), count_if(" + sql.stays() + "), count_if("
                + sql.partial() + "), min(s.firn_position) FROM " + STAGED + " s";
    }

    String deleteBelowFloor() {
        return "DELETE FROM " + target + " WHERE " + belowFloor();
    }

    String countBelowFloor() {
        return "SELECT count(*) FROM " + target + " WHERE " + belowFloor();
    }

    /** @param newest all staged rows are newer than any of the target, whose positions then need not be read */
    String merge(boolean newest) {
        String newer = newest ? "" : " AND (t.firn_position IS NULL OR s.firn_position > t.firn_position)";
        StringBuilder sql = new StringBuilder(
                "MERGE INTO " + target + " t USING " + STAGED + " s ON " + sameKey() + filter.sql("t"));
        if (changes.loadColumns() == CHANGE) {
            sql.append(" WHEN MATCHED AND s.firn_op = 'd'").append(newer);
            sql.append(soft() ? " THEN UPDATE SET " + assignments(loadColumns()) : " THEN DELETE");
        }
        sql.append(" WHEN MATCHED").append(newer);
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

    /**
     * Of the target's rows with staged keys: those that are to stay, their keys, those older than what is staged, those
     * that are what is staged, those that were to go and are newer.
     */
    String countMerged() {
        String stays = stays();
        return "SELECT " + hint() + "count_if(" + stays + "), count(DISTINCT " + keys("IF(" + stays + ", s.%s, NULL)")
                + "), count_if(t.firn_position IS NULL OR t.firn_position < s.firn_position), count_if(" + stays
                + " AND t.firn_position = s.firn_position AND t.firn_loaded_at <=> s.firn_loaded_at), count_if(NOT ("
                + stays + ")) FROM " + joined();
    }

    /** The target's rows with staged keys; nothing but keys is read. */
    String countKeys() {
        return "SELECT " + hint() + "count(*) FROM " + joined();
    }

    /** Of the target's rows with staged keys that are no older than {@code first}: how many, and of how many keys. */
    String countFrom(String first) {
        return "SELECT " + hint() + "count(*), count(DISTINCT " + keys("s.%s") + ") FROM " + joined()
                + " AND t.firn_position = s.firn_position AND t.firn_position >= " + SqlLiterals.text(first);
    }

    private String hint() {
        return changes.rows() <= SENT_TO_EVERY_TASK ? "/*+ BROADCAST(s) */ " : "";
    }

    private String joined() {
        return target + " t JOIN " + STAGED + " s ON " + sameKey() + filter.sql("t");
    }

    private String belowFloor() {
        return "firn_position IS NULL OR firn_position < " + SqlLiterals.text(changes.floor());
    }

    private String stays() {
        return changes.loadColumns() == CHANGE && !soft() ? "s.firn_op <> 'd'" : "true";
    }

    private String partial() {
        return changes.loadColumns() == CHANGE
                ? "(s.firn_op <> 'd' AND s." + StagedChanges.UNAVAILABLE + " IS NOT NULL)"
                : "false";
    }

    private String sameKey() {
        return changes.keys().stream()
                .map(SqlNames::quoted)
                .map(key -> "t." + key + " = s." + key)
                .collect(Collectors.joining(" AND "));
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
