package io.firn;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;

/**
 * Holds a table against its ledgers and its key; reads the key and two columns of the whole table.
 *
 * @param rows the table's rows
 * @param key what must be unique: the id columns, else file and offset
 * @param duplicateKeys keys that more than one row has
 * @param files files that the ledgers name
 * @param differences files whose rows are not as many as the ledgers say
 * @param removed rows that were erased, or expired by retention: that many may be missing
 * @param compared whether rows were held against the ledgers; not in the quarantine, which replays take rows out of
 */
public record TableCheck(
        String table,
        long rows,
        List<String> key,
        long duplicateKeys,
        long files,
        List<Difference> differences,
        long removed,
        boolean compared) {

    /** A source file: the rows that the ledgers say it gave, 0 when they do not know it, and the rows that are there. */
    public record Difference(String file, long ledger, long rows) {}

    /** Whether all is as it should be. */
    public boolean sound() {
        return duplicateKeys == 0 && removedOnPurpose();
    }

    /** Whether files lack no more rows than were removed; a day that was loaded anew has its rows again. */
    private boolean removedOnPurpose() {
        long missing = 0;
        for (Difference difference : differences) {
            if (difference.rows() > difference.ledger()) {
                return false;
            }
            missing += difference.ledger() - difference.rows();
        }
        return missing <= removed;
    }

    /** Reads the table as it is now. Throws what {@link LakeTable#ledger} throws. */
    public static TableCheck of(SparkSession spark, LakeTable table) {
        String name = table.name().quoted();
        boolean quarantine = table.name().name().equals(QuarantineTable.NAME);
        boolean positioned = List.of(spark.table(name).columns()).contains(LoadColumns.POSITION);
        List<String> key = key(table, quarantine, positioned);
        String columns =
                String.join(", ", key.stream().map(column -> "`" + column + "`").toList());
        long duplicates = spark.sql(
                        "SELECT " + columns + " FROM " + name + " GROUP BY " + columns + " HAVING count(*) > 1")
                .count();
        Map<String, Long> ledger = table.rowsByLedger();
        // What is merged, or comes from topics, is not counted by file.
        boolean compared = !quarantine && !positioned && !(ledger.isEmpty() && table.hasPositions());
        Map<String, Long> held = compared || quarantine
                ? rowsByFile(spark, table)
                : Map.of("", spark.table(name).count());
        TreeSet<String> files = new TreeSet<>();
        if (compared) {
            files.addAll(held.keySet());
            files.addAll(ledger.keySet());
        }
        List<Difference> differences = new ArrayList<>();
        for (String file : files) {
            long there = held.getOrDefault(file, 0L);
            long said = ledger.getOrDefault(file, 0L);
            if (there != said) {
                differences.add(new Difference(file, said, there));
            }
        }
        long rows = held.values().stream().mapToLong(Long::longValue).sum();
        return new TableCheck(
                table.name().text(), rows, key, duplicates, ledger.size(), differences, table.removedRows(), compared);
    }

    private static List<String> key(LakeTable table, boolean quarantine, boolean positioned) {
        if (quarantine) {
            // Two pipelines may have refused the same line.
            return List.of("pipeline", LoadColumns.FILE, LoadColumns.OFFSET);
        }
        List<String> source =
                positioned ? List.of(LoadColumns.POSITION) : List.of(LoadColumns.FILE, LoadColumns.OFFSET);
        return table.idColumns().isEmpty() ? source : table.idColumns();
    }

    /** The rows that are there, by source file; rows that Firn did not load count under {@code (none)}. */
    private static Map<String, Long> rowsByFile(SparkSession spark, LakeTable table) {
        return rowsByFile(spark, table.name().quoted());
    }

    /** @param from what SQL selects from */
    static Map<String, Long> rowsByFile(SparkSession spark, String from) {
        Map<String, Long> rows = new HashMap<>();
        for (Row row : spark.sql(
                        "SELECT coalesce(" + LoadColumns.FILE + ", '(none)'), count(*) FROM " + from + " GROUP BY 1")
                .collectAsList()) {
            rows.put(row.getString(0), row.getLong(1));
        }
        return rows;
    }
}
