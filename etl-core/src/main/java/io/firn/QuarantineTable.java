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
import io.firn.table.ChangeOrigin;
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
            column("event", Scalar.STRING, "the event's name, where the line says it; the topic of a record"),
            column("line_number", Scalar.LONG, "counted from 1; null in a slice of a large file and for records"),
            column("column_name", Scalar.STRING, "the column, or the path in it, whose value was refused"),
            column("reason", Scalar.STRING, "what was wrong"),
            column("line", Scalar.BINARY, "the line, or the record's value, as it came; null for a damaged file"),
            column("record_key", Scalar.BINARY, "the key of a record of Kafka"));

    private QuarantineTable() {}

    static LakeTable open(Catalogs catalogs, TableName name, ChangeOrigin origin) {
        TableDefinition definition = new TableDefinition(
                name,
                null,
                List.of(PartitionField.parse("day")),
                List.of(),
                List.of(),
                Map.of(),
                Mode.APPEND,
                null,
                null);
        return catalogs.of(name).ensure(definition, COLUMNS, origin);
    }

    /**
     * Deletes what earlier runs quarantined of files that were read again, as far as they were looked at again: where a
     * table holds the file, only lines of the events whose tables do not; else all but those of events whose table
     * failed to open.
     */
    static RowRemoval removal(SparkSession spark, String pipeline, DayPlan day, List<ResolvedEvent> events) {
        return (files, branch) -> {
            Map<String, BitSet> missing = day.missing();
            Map<String, List<String>> filesByCondition = new LinkedHashMap<>();
            for (String file : files) {
                String judged = judged(missing.get(file), events, day.held().contains(file));
                filesByCondition
                        .computeIfAbsent(judged, key -> new ArrayList<>())
                        .add(file);
            }
            String conditions = filesByCondition.entrySet().stream()
                    .map(group ->
                            "(" + LoadColumns.FILE + " IN " + SqlLiterals.list(group.getValue()) + group.getKey() + ")")
                    .collect(Collectors.joining(" OR "));
            spark.sql("DELETE FROM " + branch + " WHERE pipeline = " + SqlLiterals.text(pipeline) + " AND day = DATE'"
                    + day.date() + "' AND (" + conditions + ")");
        };
    }

    private static String judged(BitSet looked, List<ResolvedEvent> events, boolean held) {
        if (looked == null) {
            return "";
        }
        List<String> names = new ArrayList<>();
        for (int event = 0; event < events.size(); event++) {
            if (looked.get(event) == held) {
                names.add(events.get(event).name());
            }
        }
        String list = SqlLiterals.list(names);
        return held ? " AND event IN " + list : " AND (event IS NULL OR event NOT IN " + list + ")";
    }

    private static Column column(String name, Scalar type, String comment) {
        return new Column(name, type, null, null, false, comment);
    }
}
