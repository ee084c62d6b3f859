package io.firn.table;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.types.Comparators;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Type.TypeID;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

/** A batch's values of one key column, and the files of the target that they leave out. */
final class KeyColumn {
    /** Types whose values Spark and Iceberg put into the same order. */
    private static final Set<TypeID> ORDERED =
            Set.of(TypeID.INTEGER, TypeID.LONG, TypeID.DATE, TypeID.TIMESTAMP, TypeID.DECIMAL, TypeID.STRING);

    private final NestedField field;
    private final int position;
    private final DataType type;
    private final Value[] values;
    private final Comparator<Object> order;
    private final Map<Integer, Long> bytesByGap = new HashMap<>();

    /** The same value as Iceberg and as Spark hold it. */
    private record Value(Object iceberg, Object catalyst) {}

    /** All values from {@code low} to {@code high}, as Spark holds them. */
    record Range(Object low, Object high) {}

    /** @param rows of the key columns alone */
    KeyColumn(Types.StructType keys, int position, DataType type, InternalRow[] rows) {
        this.field = keys.fields().get(position);
        this.position = position;
        this.type = type;
        this.order = Comparators.forType(field.type().asPrimitiveType());
        if (!ORDERED.contains(field.type().typeId())) {
            this.values = null;
            return;
        }
        PartitionSource source = new PartitionSource(keys);
        Value[] all = new Value[rows.length];
        for (int i = 0; i < rows.length; i++) {
            Object catalyst = rows[i].get(position, type);
            Object iceberg = source.wrap(rows[i]).get(position, Object.class);
            all[i] = new Value(iceberg, catalyst);
        }
        Arrays.sort(all, (a, b) -> order.compare(a.iceberg, b.iceberg));
        boolean sameOrder = Arrays.stream(all).noneMatch(value -> ordersDifferently(value.iceberg));
        this.values = sameOrder && all.length > 0 ? all : null;
    }

    int position() {
        return position;
    }

    /** Whether the values can be compared to the bounds of files. */
    boolean ordered() {
        return values != null;
    }

    /** The values as Spark holds them. */
    Set<Object> catalyst() {
        return Arrays.stream(values).map(Value::catalyst).collect(Collectors.toSet());
    }

    Set<Object> iceberg() {
        return Arrays.stream(values).map(Value::iceberg).collect(Collectors.toSet());
    }

    String name() {
        return field.name();
    }

    /** The column as it was staged. */
    StructType type() {
        return new StructType().add(field.name(), type);
    }

    /** Whether a file's bounds hold any of the values; a file left out is remembered for {@link #ranges}. */
    boolean touches(DataFile file) {
        Object low = bound(file.lowerBounds());
        Object high = bound(file.upperBounds());
        if (low == null || high == null) {
            return true;
        }
        int gap = firstNotBefore(low);
        if (gap < values.length && order.compare(values[gap].iceberg, high) <= 0) {
            return true;
        }
        bytesByGap.merge(gap, file.fileSizeInBytes(), Long::sum);
        return false;
    }

    /** The bytes of the files that {@link #touches} found to be left out. */
    long bytesLeftOut() {
        return bytesByGap.values().stream().mapToLong(Long::longValue).sum();
    }

    /** At most so many ranges that hold all values, with the gaps between them where most bytes are left out. */
    List<Range> ranges(int most) {
        int[] cuts = bytesByGap.entrySet().stream()
                .filter(gap -> gap.getKey() > 0 && gap.getKey() < values.length)
                .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed())
                .limit(most - 1L)
                .mapToInt(Map.Entry::getKey)
                .sorted()
                .toArray();
        List<Range> ranges = new ArrayList<>();
        int from = 0;
        for (int cut : cuts) {
            ranges.add(new Range(values[from].catalyst, values[cut - 1].catalyst));
            from = cut;
        }
        ranges.add(new Range(values[from].catalyst, values[values.length - 1].catalyst));
        return ranges;
    }

    private int firstNotBefore(Object bound) {
        int low = 0;
        int high = values.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (order.compare(values[middle].iceberg, bound) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private Object bound(Map<Integer, ByteBuffer> bounds) {
        ByteBuffer bound = bounds == null ? null : bounds.get(field.fieldId());
        Type type = field.type();
        return bound == null ? null : Conversions.fromByteBuffer(type, bound);
    }

    /** Iceberg compares text by its UTF-16 units, Spark by its bytes: they differ from the surrogates on. */
    private static boolean ordersDifferently(Object value) {
        return value instanceof CharSequence text && text.chars().anyMatch(unit -> unit >= Character.MIN_SURROGATE);
    }
}
