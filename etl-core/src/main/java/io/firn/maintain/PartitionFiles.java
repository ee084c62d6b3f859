package io.firn.maintain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types.NestedField;

/** The data files of one partition; of the whole table where it has none. */
final class PartitionFiles {
    private static final Set<String> TIME = Set.of("year", "month", "day", "hour");

    private final PartitionSpec spec;
    private final StructLike value;
    private final long open;
    private final List<FileFacts> files = new ArrayList<>();
    private final TreeMap<Long, Shared> deletes = new TreeMap<>();
    private final Set<Long> writes = new HashSet<>();
    private OptionalLong time = OptionalLong.empty();

    /** Delete files that hold for all data files of the partition that are not younger. */
    record Shared(int files, long bytes, long last) {
        static final Shared NONE = new Shared(0, 0, 0);

        Shared plus(Shared other) {
            return new Shared(files + other.files, bytes + other.bytes, Math.max(last, other.last));
        }
    }

    /** @param open what to open a file costs */
    PartitionFiles(PartitionSpec spec, StructLike value, long open) {
        this.open = open;
        this.spec = spec;
        this.value = value;
        for (int i = 0; i < spec.fields().size(); i++) {
            String transform = spec.fields().get(i).transform().toString();
            Class<?> type = spec.javaClasses()[i];
            // A year's, month's, day's or hour's number since 1970, or the days of a date.
            boolean time = TIME.contains(transform)
                    || spec.partitionType().fields().get(i).type().typeId() == TypeID.DATE;
            if (time && value.get(i, type) instanceof Integer number) {
                this.time = OptionalLong.of(number);
            }
        }
    }

    PartitionSpec spec() {
        return spec;
    }

    StructLike value() {
        return value;
    }

    /** Its place among partitions by time; empty: the table is not partitioned by time, or the time is null. */
    OptionalLong time() {
        return time;
    }

    /** As Iceberg names its folder; empty: the table is not partitioned. */
    String path() {
        return spec.isUnpartitioned() ? "" : spec.partitionToPath(value);
    }

    List<FileFacts> files() {
        return files;
    }

    /** The latest commit that wrote to it, by sequence number. */
    long lastWritten() {
        return writes.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** How many commits after one wrote to it. */
    long writesAfter(long sequence) {
        return writes.stream().filter(write -> write > sequence).count();
    }

    void add(FileFacts file) {
        files.add(file);
        if (!file.rewritten()) {
            written(file.sequence());
        }
    }

    void written(long sequence) {
        writes.add(sequence);
    }

    /** Notes a delete file for all data files up to a sequence number. */
    void deletes(long upTo, long bytes) {
        deletes.merge(upTo, new Shared(1, bytes, upTo), Shared::plus);
    }

    /** The delete files that hold for a data file of a sequence number. */
    Shared deletesSince(long sequence) {
        Map<Long, Shared> later = deletes.tailMap(sequence);
        return later.values().stream().reduce(Shared.NONE, Shared::plus);
    }

    ScanCost cost() {
        return ScanCost.of(files, open);
    }

    long rows() {
        return files.stream().mapToLong(FileFacts::rows).sum();
    }

    long deletedRows() {
        return files.stream().mapToLong(FileFacts::deletedRows).sum();
    }

    /** The worst {@link Overlap#depth} of the ordering columns; 0: the table has none. */
    double depth(List<NestedField> ordering) {
        double worst = 0;
        for (int i = 0; i < ordering.size(); i++) {
            int column = i;
            Comparator<Object> order = TableFiles.order(ordering.get(i));
            worst = Math.max(
                    worst,
                    Overlap.depth(
                            files.stream()
                                    .map(file -> file.bounds().get(column))
                                    .toList(),
                            order));
        }
        return worst;
    }
}
