package io.firn;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.apache.spark.sql.SparkSession;

import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.LakeTable;
import io.firn.table.LoadColumns;
import io.firn.table.PartitionField;
import io.firn.table.RowRemoval;
import io.firn.table.SqlLiterals;
import io.firn.table.TableDefinition;
import io.firn.table.TableDefinition.Mode;
import io.firn.table.TableName;

/** The table beside a pipeline's targets that holds every refused line, whole, with the reason. */
final class QuarantineTable {
    static final String NAME = "firn_quarantine";

    /** In the order in which {@code load.Quarantine} writes them; the load columns follow. */
    static final List<Column> COLUMNS = List.of(
            column("pipeline", Scalar.STRING, "whose run refused the line"),
            column("day", Scalar.DATE, "the day that was loaded"),
            column("event", Scalar.STRING, "the event's name, where the line says it"),
            column("line_number", Scalar.LONG, "counted from 1; null in a slice of a large file"),
            column("column_name", Scalar.STRING, "the column, or the path in it, whose value was refused"),
            column("reason", Scalar.STRING, "what was wrong"),
            column("line", Scalar.BINARY, "the line as it stands in the file; null for a damaged file"));

    private QuarantineTable() {}

    static LakeTable open(Catalogs catalogs, TableName name) {
        TableDefinition definition = new TableDefinition(
                name, null, List.of(PartitionField.parse("day")), List.of(), List.of(), Map.of(), Mode.APPEND);
        return catalogs.of(name).ensure(definition, COLUMNS);
    }

    /**
     * Deletes what earlier runs quarantined of files that were read again. Lines of events that were not looked at this
     * time keep their rows.
     */
    static RowRemoval removal(SparkSession spark, String pipeline, DayPlan day, List<ResolvedEvent> events) {
        return (files, branch) -> {
            Map<BitSet, List<String>> filesByEvents = new LinkedHashMap<>();
            Map<String, BitSet> missing = day.missing();
            BitSet all = new BitSet();
            all.set(0, events.size());
            files.forEach(file -> filesByEvents
                    .computeIfAbsent(missing.getOrDefault(file, all), key -> new ArrayList<>())
                    .add(file));
            String conditions = filesByEvents.entrySet().stream()
                    .map(group -> condition(group.getValue(), kept(group.getKey(), events)))
                    .collect(Collectors.joining(" OR "));
            spark.sql("DELETE FROM " + branch + " WHERE pipeline = " + SqlLiterals.text(pipeline) + " AND day = DATE'"
                    + day.date() + "' AND (" + conditions + ")");
        };
    }

    private static String condition(List<String> files, List<String> kept) {
        String ofFiles = LoadColumns.FILE + " IN " + SqlLiterals.list(files);
        return kept.isEmpty()
                ? ofFiles
                : "(" + ofFiles + " AND (event IS NULL OR event NOT IN " + SqlLiterals.list(kept) + "))";
    }

    private static List<String> kept(BitSet looked, List<ResolvedEvent> events) {
        List<String> kept = new ArrayList<>();
        for (int event = looked.nextClearBit(0); event < events.size(); event = looked.nextClearBit(event + 1)) {
            kept.add(events.get(event).name());
        }
        return kept;
    }

    private static Column column(String name, Scalar type, String comment) {
        return new Column(name, type, null, null, false, comment);
    }
}
