package io.firn;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.firn.config.Scope;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.Compaction;
import io.firn.table.FileSize;
import io.firn.table.Orphans;
import io.firn.table.Retention;
import io.firn.table.TableDefinition;

/** What the policies of a table's upkeep must fulfil, floors included. */
final class UpkeepRules {
    /** A query that runs still reads the snapshot with which it began. */
    private static final Duration LEAST_SNAPSHOT_AGE = Duration.ofHours(1);

    private static final Duration LEAST_DATA_AGE = Duration.ofDays(1);
    private static final FileSize LEAST_FILE = FileSize.parse("1MB");
    private static final FileSize LARGEST_FILE = FileSize.parse("8GB");

    private UpkeepRules() {}

    static void check(TableDefinition target, List<Column> columns, Scope scope) {
        if (target.retention() != null) {
            retention(target.retention(), target, scope.at("retention"));
        }
        if (target.compaction() != null) {
            compaction(target.compaction(), target, columns, scope.at("compaction"));
        }
        if (target.orphans() != null && isLess(target.orphans().olderThan(), Orphans.FLOOR)) {
            scope.at("orphans")
                    .at("older-than")
                    .problem("a file younger than three days may belong to a run that is still writing;"
                            + " write 3d or more");
        }
        Map<String, String> said = target.properties() == null ? Map.of() : target.properties();
        target.upkeep().keySet().stream().filter(said::containsKey).forEach(key -> scope.at("properties")
                .at(key)
                .problem(
                        key.startsWith("history.")
                                ? "retention says this too; keep one of them"
                                : "compaction says this too; keep one of them"));
    }

    private static void retention(Retention retention, TableDefinition target, Scope scope) {
        if (retention.minSnapshots() != null && retention.minSnapshots() < 1) {
            scope.at("min-snapshots").problem("a table has at least one snapshot; write 1 or more");
        }
        if (isLess(retention.snapshots(), LEAST_SNAPSHOT_AGE)) {
            scope.at("snapshots")
                    .problem("queries read the snapshot with which they began, so it has to stay for a while;"
                            + " write 1h or more");
        }
        if (retention.data() == null) {
            return;
        }
        if (isLess(retention.data(), LEAST_DATA_AGE)) {
            scope.at("data").problem("rows cannot go before they are a day old; write 1d or more");
        }
        boolean byTime = target.partitionBy() == null
                || target.partitionBy().stream()
                        .anyMatch(field -> field != null && TargetRules.TIME.contains(field.transform()));
        if (!byTime) {
            scope.at("data")
                    .problem("rows go by whole partitions of time, and the table has none; add year, month, day or"
                            + " hour(column) to partition-by");
        }
    }

    private static void compaction(Compaction compaction, TableDefinition target, List<Column> columns, Scope scope) {
        FileSize size = compaction.targetFileSize();
        if (size != null && (size.bytes() < LEAST_FILE.bytes() || size.bytes() > LARGEST_FILE.bytes())) {
            scope.at("target-file-size").problem("write a size between 1MB and 8GB; 128MB to 1GB suit most tables");
        }
        List<String> together = compaction.zOrderBy();
        if (together == null) {
            return;
        }
        Scope at = scope.at("z-order-by");
        if (together.size() < 2) {
            at.problem("a z-order brings two or more columns together; for one write sort-by");
        }
        if (target.sortBy() != null && !target.sortBy().isEmpty()) {
            at.problem("sort-by orders the rows already; keep one of them");
        }
        List<String> names = columns.stream().map(Column::name).toList();
        for (int i = 0; i < together.size(); i++) {
            String name = together.get(i);
            if (!names.contains(name)) {
                at.at(i).unknown("column", name, names);
            } else if (!(columns.get(names.indexOf(name)).type() instanceof Scalar)) {
                at.at(i).problem("a z-order takes columns of simple types");
            }
        }
    }

    private static boolean isLess(Duration said, Duration floor) {
        return said != null && said.compareTo(floor) < 0;
    }
}
