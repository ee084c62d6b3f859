package io.firn.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;

import io.firn.table.MergePlan.Filter;

/** Chooses how a merge reads its target, from what is known before it runs. */
final class MergePlanner {
    /** Below, the whole target is joined in less time than its filter takes to make. */
    static final long FILTERED_FROM_ROWS = 200_000;
    /** Above, keys are not brought to the driver. */
    static final long MOST_KEYS = 2_000_000;
    /** Up to so many values Iceberg looks for each of them in the bounds of files and row groups. */
    private static final int FEW_VALUES = 200;

    private static final int MOST_RANGES = 32;

    private final LakeTable lake;
    private final StagedChanges changes;
    private final long filteredFromRows;

    MergePlanner(LakeTable lake, StagedChanges changes, long filteredFromRows) {
        this.lake = lake;
        this.changes = changes;
        this.filteredFromRows = filteredFromRows;
    }

    /** A plan, and the filter that it speaks of. */
    record Planned(MergePlan plan, TargetFilter filter) {}

    private record Files(long count, long bytes) {
        Files plus(DataFile file) {
            return new Files(count + 1, bytes + file.fileSizeInBytes());
        }
    }

    Planned plan(SparkSession session) {
        Snapshot head = lake.table().currentSnapshot();
        long rows = head == null ? 0 : Long.parseLong(head.summary().getOrDefault("total-records", "0"));
        boolean tooManyKeys = changes.rows() > MOST_KEYS;
        if (changes.rows() == 0 || rows == 0 || tooManyKeys) {
            Files all = head == null ? new Files(0, 0) : count(lake.table().newScan());
            String reason = tooManyKeys
                    ? String.format(Locale.ROOT, "more than %,d keys", MOST_KEYS)
                    : rows == 0 ? "the table is empty" : "nothing to merge";
            return new Planned(
                    plan(Filter.NONE, reason, rows, all, tooManyKeys ? all : new Files(0, 0)), TargetFilter.NONE);
        }
        Column[] names = SqlNames.columns(changes.keys().toArray(String[]::new));
        var staged =
                (org.apache.spark.sql.classic.Dataset<?>) changes.read(session).select(names);
        InternalRow[] values = staged.queryExecution().executedPlan().executeCollect();
        return plan(rows, staged.schema(), values);
    }

    private Planned plan(long rows, StructType keys, InternalRow[] values) {
        Table table = lake.table();
        Types.StructType fields = table.schema().select(changes.keys()).asStruct();
        List<KeyColumn> columns = new ArrayList<>();
        for (int i = 0; i < keys.length(); i++) {
            columns.add(new KeyColumn(fields, i, keys.fields()[i].dataType(), values));
        }
        List<KeyColumn> ordered = columns.stream().filter(KeyColumn::ordered).toList();
        Files all = new Files(0, 0);
        Files touched = new Files(0, 0);
        try (CloseableIterable<FileScanTask> files =
                table.newScan().includeColumnStats(changes.keys()).planFiles()) {
            for (FileScanTask task : files) {
                all = all.plus(task.file());
                if (ordered.stream().allMatch(column -> column.touches(task.file()))) {
                    touched = touched.plus(task.file());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (rows < filteredFromRows) {
            return new Planned(plan(Filter.NONE, "a small table", rows, all, touched), TargetFilter.NONE);
        }
        TargetFilter filter = new TargetFilter();
        if (ordered.size() == columns.size() && values.length <= FEW_VALUES) {
            columns.forEach(filter::values);
            return new Planned(
                    plan(Filter.KEYS, "few keys, looked for in every file's bounds", rows, all, few(columns)), filter);
        }
        filter.keys(keys, values);
        Optional<KeyColumn> leavingOut = ordered.stream()
                .filter(column -> column.bytesLeftOut() > 0)
                .max(Comparator.comparingLong(KeyColumn::bytesLeftOut));
        leavingOut.ifPresent(column -> filter.ranges(column, column.ranges(MOST_RANGES)));
        return new Planned(
                leavingOut.isPresent()
                        ? plan(
                                Filter.KEYS_AND_RANGES,
                                "ranges of " + leavingOut.get().name() + " leave files out",
                                rows,
                                all,
                                touched)
                        : plan(Filter.KEYS, "keys lie in every file's bounds", rows, all, touched),
                filter);
    }

    private Files few(List<KeyColumn> columns) {
        TableScan scan = lake.table().newScan();
        for (KeyColumn column : columns) {
            scan = scan.filter(Expressions.in(column.name(), column.iceberg()));
        }
        return count(scan);
    }

    private static Files count(TableScan scan) {
        Files files = new Files(0, 0);
        try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
            for (FileScanTask task : tasks) {
                files = files.plus(task.file());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private MergePlan plan(Filter filter, String reason, long rows, Files all, Files touched) {
        return new MergePlan(filter, reason, changes.rows(), rows, all.count, all.bytes, touched.count, touched.bytes);
    }
}
