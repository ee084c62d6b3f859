package io.firn;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.firn.table.SqlLiterals;
import io.firn.table.TableName;

/** Iceberg's metadata tables of many tables as a few temporary views that people can read. */
public final class MetadataViews {
    private static final String DAY_TAG = "'^d[0-9]{4}_[0-9]{2}_[0-9]{2}$'";

    private MetadataViews() {}

    /** The statements that make them in a session; none for no tables. */
    public static List<String> of(Collection<TableName> tables) {
        List<TableName> refused = tables.stream()
                .filter(table -> table.name().equals(QuarantineTable.NAME))
                .toList();
        List<TableName> data =
                tables.stream().filter(table -> !refused.contains(table)).toList();
        List<String> views = new ArrayList<>();
        if (!data.isEmpty()) {
            views.add(view("firn_freshness", data, MetadataViews::freshness));
            views.add(view("firn_files", data, MetadataViews::files));
            views.add(view("firn_history", data, MetadataViews::history));
        }
        if (!refused.isEmpty()) {
            views.add(view("firn_refused", refused, MetadataViews::refused));
        }
        return views;
    }

    private static String view(String name, List<TableName> tables, Function<TableName, String> part) {
        return tables.stream()
                .map(part)
                .collect(Collectors.joining("\nUNION ALL ", "CREATE OR REPLACE TEMPORARY VIEW " + name + " AS\n", ""));
    }

    /** When the rows that readers see were last changed, and the latest day that is pinned. */
    private static String freshness(TableName table) {
        return """
                SELECT %1$s AS table_name, max(committed_at) AS last_change,
                  round((unix_micros(now()) - unix_micros(max(committed_at))) / 6e7, 1) AS minutes_ago,
                  (SELECT to_date(substr(max(name), 2), 'yyyy_MM_dd') FROM %2$s.`refs`
                    WHERE type = 'TAG' AND name RLIKE %3$s) AS last_day
                FROM %2$s.`snapshots` WHERE operation <> 'replace'"""
                .formatted(SqlLiterals.text(table.text()), table.quoted(), DAY_TAG);
    }

    private static String files(TableName table) {
        return """
                SELECT %1$s AS table_name, count_if(content = 0) AS data_files, count_if(content <> 0) AS delete_files,
                  sum(if(content = 0, record_count, 0)) AS records, sum(file_size_in_bytes) AS bytes,
                  round(avg(if(content = 0, file_size_in_bytes, NULL)) / 1e6, 1) AS average_mb
                FROM %2$s.`files`"""
                .formatted(SqlLiterals.text(table.text()), table.quoted());
    }

    private static String history(TableName table) {
        return """
                SELECT %1$s AS table_name, committed_at, snapshot_id, operation,
                  CAST(summary['added-records'] AS BIGINT) AS added, CAST(summary['deleted-records'] AS BIGINT) AS deleted,
                  CAST(summary['total-records'] AS BIGINT) AS total, summary['firn.run-id'] AS run
                FROM %2$s.`snapshots`"""
                .formatted(SqlLiterals.text(table.text()), table.quoted());
    }

    private static String refused(TableName table) {
        return """
                SELECT %1$s AS table_name, pipeline, day, event, column_name, reason, count(*) AS lines
                FROM %2$s GROUP BY pipeline, day, event, column_name, reason"""
                .formatted(SqlLiterals.text(table.text()), table.quoted());
    }
}
