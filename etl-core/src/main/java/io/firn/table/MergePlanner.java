package io.firn.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

import io.firn.table.MergePlan.Filter;

/** Chooses how a merge reads its target, from what is known before it runs. */
final class MergePlanner {
    /** Up to so many values Iceberg looks for each of them in the bounds of files and row groups. */
    private static final int FEW_VALUES = 200;

    private static final int MOST_RANGES = 32;

    private static final Set<TypeID> BUCKETED = Set.of(TypeID.INTEGER, TypeID.LONG, TypeID.STRING);

    private final LakeTable lake;
    private final String branch;
    private final StagedChanges changes;
    private final MergeLimits limits;

    /** @param branch what is read */
    MergePlanner(LakeTable lake, String branch, StagedChanges changes, MergeLimits limits) {
        this.lake = lake;
        this.branch = branch;
        this.changes = changes;
        this.limits = limits;
    }

    /**
     * A plan, and the filter that it speaks of.
     *
     * @param newest no row of the target has a higher position; null where its metadata does not tell
     */
    record Planned(MergePlan plan, TargetFilter filter, String newest) {}

    Planned plan(StagedKeys keys) {
        if (changes.rows() == 0) {
            return planned(Filter.NONE, "nothing to merge", files(List.of()), TargetFilter.NONE);
        }
        if (keys.tooMany()) {
            String reason = String.format(Locale.ROOT, "more than %,d keys", limits.mostKeys());
            return planned(bucketed() ? Filter.BUCKETS : Filter.NONE, reason, files(List.of()), TargetFilter.NONE);
        }
        List<KeyColumn> columns = columns(keys);
        List<KeyColumn> ordered = columns.stream().filter(KeyColumn::ordered).toList();
        TargetFiles files = files(ordered);
        if (files.rows() < limits.filteredFromRows()) {
            return planned(Filter.NONE, "the table is small", files, TargetFilter.NONE);
        }
        TargetFilter filter = new TargetFilter();
        filter.keys(keys);
        if (ordered.size() == columns.size() && changes.rows() <= FEW_VALUES) {
            columns.forEach(filter::values);
            files.touched(scanOf(columns));
            return planned(Filter.KEYS, "few keys, which are looked for in every file's bounds", files, filter);
        }
        Optional<KeyColumn> leavingOut = ordered.stream()
                .filter(column -> column.bytesLeftOut() > 0)
                .max(Comparator.comparingLong(KeyColumn::bytesLeftOut));
        if (leavingOut.isEmpty()) {
            return planned(Filter.KEYS, "every file may hold some of the keys", files, filter);
        }
        filter.ranges(leavingOut.get(), leavingOut.get().ranges(MOST_RANGES));
        String reason = "ranges of " + leavingOut.get().name() + " leave files out";
        return planned(Filter.KEYS_AND_RANGES, reason, files, filter);
    }

    /** Whether a key column tells the bucket; of other types Spark and Iceberg count other buckets. */
    private boolean bucketed() {
        Schema schema = lake.table().schema();
        return lake.table().spec().fields().stream()
                .filter(field -> field.transform().toString().startsWith("bucket["))
                .map(field -> schema.findField(field.sourceId()))
                .anyMatch(field -> BUCKETED.contains(field.type().typeId())
                        && changes.keys().contains(field.name()));
    }

    private List<KeyColumn> columns(StagedKeys keys) {
        List<NestedField> fields = changes.keys().stream()
                .map(key -> lake.table().schema().asStruct().field(key))
                .toList();
        Types.StructType type = Types.StructType.of(fields);
        List<KeyColumn> columns = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            columns.add(new KeyColumn(type, i, keys.type().fields()[i].dataType(), keys.rows()));
        }
        return columns;
    }

    private TargetFiles files(List<KeyColumn> columns) {
        List<String> statistics = new ArrayList<>(changes.keys());
        statistics.add(LoadColumns.POSITION);
        NestedField position = lake.table().schema().asStruct().field(LoadColumns.POSITION);
        TargetFiles files = new TargetFiles(columns, position.fieldId());
        TableScan scan = lake.table().newScan().useRef(branch).includeColumnStats(statistics);
        try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
            tasks.forEach(task -> files.add(task.file()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    private TableScan scanOf(List<KeyColumn> columns) {
        TableScan scan = lake.table().newScan().useRef(branch);
        for (KeyColumn column : columns) {
            scan = scan.filter(Expressions.in(column.name(), column.iceberg()));
        }
        return scan;
    }

    private Planned planned(Filter filter, String reason, TargetFiles files, TargetFilter conditions) {
        return new Planned(files.plan(filter, reason, changes.rows()), conditions, files.newest());
    }
}
