package io.firn.table;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.firn.schema.Column;
import io.firn.table.StagedChanges.Deletes;

/**
 * What a table is to be, as YAML says it in the table's file under {@code ddl/}, or under a pipeline's {@code target}.
 *
 * @param table its full name; null: the pipeline's catalog and namespace, and the event's name in snake case
 * @param columns the table's columns, in a file under {@code ddl/} alone; null: those of the event after its transforms
 * @param comment what the table holds, kept in the table; null: nothing is said
 * @param location where its files lie, its own folder; null: the catalog's choice
 * @param partitionBy the partition fields, in order; null: by day of the event time where the table holds it
 * @param sortBy the table's sort order, which compaction follows; null: none
 * @param idColumns the columns that name a row; null: none
 * @param properties Iceberg table properties; null: none
 * @param mode how rows meet the table: {@code append}, {@code truncate-load}, or {@code upsert} by its id-columns;
 *     null: as the defaults say
 * @param writeMode what updates and deletes write: {@code merge-on-read}, small files that say which rows are gone, or
 *     {@code copy-on-write}, the files anew without them; null: merge-on-read where rows are merged, else Iceberg's
 *     choice
 * @param formatVersion Iceberg's format, 2 or 3; null: 2
 * @param timestampColumn the column that says which of a row's versions is the last, for dumps that are upserted; null:
 *     changes of a database carry their own order
 * @param deletes what a delete of the source makes of a row of a table that is upserted: {@code hard}, it goes, or
 *     {@code soft}, it stays and its firn_op says d; null: hard
 * @param rememberDeletes how long rows that are deleted softly stay, 30d; null: for ever
 * @param backfillDefault whether rows that are there take the default that the source gives a column which it adds; null:
 *     in format 3, where that costs nothing
 * @param retention how long snapshots and rows are kept; null: nothing is said
 * @param compaction what compaction makes of its files; null: nothing is said
 * @param orphans what becomes of files that the table does not know; null: nothing is said
 */
public record TableDefinition(
        TableName table,
        List<TableColumn> columns,
        String comment,
        String location,
        List<PartitionField> partitionBy,
        List<SortField> sortBy,
        List<String> idColumns,
        Map<String, String> properties,
        Mode mode,
        WriteMode writeMode,
        Integer formatVersion,
        String timestampColumn,
        Deletes deletes,
        Duration rememberDeletes,
        Boolean backfillDefault,
        Retention retention,
        Compaction compaction,
        Orphans orphans)
        implements Serializable {

    /** A table that leaves to defaults how changes are written. */
    public TableDefinition(
            TableName table,
            String location,
            List<PartitionField> partitionBy,
            List<SortField> sortBy,
            List<String> idColumns,
            Map<String, String> properties,
            Mode mode,
            WriteMode writeMode,
            Integer formatVersion) {
        this(
                table,
                null,
                null,
                location,
                partitionBy,
                sortBy,
                idColumns,
                properties,
                mode,
                writeMode,
                formatVersion,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** Whether a file under {@code ddl/} says what the table is. */
    public boolean declared() {
        return columns != null;
    }

    /** The same table with its files elsewhere. */
    public TableDefinition at(String elsewhere) {
        return with(table, elsewhere, idColumns);
    }

    /** The same table under its full name. */
    public TableDefinition named(TableName name) {
        return with(name, location, idColumns);
    }

    /** The same table with its rows named by other columns. */
    public TableDefinition keyed(List<String> keys) {
        return with(table, location, keys);
    }

    private TableDefinition with(TableName table, String location, List<String> idColumns) {
        return new TableDefinition(
                table,
                columns,
                comment,
                location,
                partitionBy,
                sortBy,
                idColumns,
                properties,
                mode,
                writeMode,
                formatVersion,
                timestampColumn,
                deletes,
                rememberDeletes,
                backfillDefault,
                retention,
                compaction,
                orphans);
    }

    /** The properties that say how the table is kept, which every process that keeps it reads. */
    public Map<String, String> upkeep() {
        Map<String, String> all = new TreeMap<>();
        if (retention != null) {
            all.putAll(retention.properties());
        }
        if (compaction != null) {
            all.putAll(compaction.properties());
        }
        if (orphans != null) {
            all.putAll(orphans.properties());
        }
        return all;
    }

    /** The table's columns where rows of {@code rows} meet it: those declared, then what rows have of Firn's own. */
    List<Column> columnsFor(List<Column> rows) {
        if (columns == null) {
            return rows;
        }
        List<String> names = columns.stream().map(TableColumn::name).toList();
        return Stream.concat(
                        columns.stream().map(TableColumn::column),
                        rows.stream().filter(column -> !names.contains(column.name())))
                .toList();
    }

    /** How rows meet a table. */
    public enum Mode {
        APPEND,
        TRUNCATE_LOAD,
        UPSERT
    }

    /** What updates and deletes write. */
    public enum WriteMode {
        COPY_ON_WRITE,
        MERGE_ON_READ
    }
}
