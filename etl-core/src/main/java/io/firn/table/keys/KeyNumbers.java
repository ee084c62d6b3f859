package io.firn.table.keys;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.filter2.predicate.Statistics;
import org.apache.parquet.filter2.predicate.UserDefinedPredicate;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.vectorized.ColumnVector;

/**
 * The values of a whole-numbered key column: a filter of row groups and pages by the least and the greatest in them, and of
 * rows before they are hashed, which costs more than to decode them.
 */
final class KeyNumbers implements Serializable {
    private static final long serialVersionUID = 1;

    /** So that of the others one in thirty passes. */
    private static final int BITS_PER_NUMBER = 32;

    private final long[] sorted;
    private final long[] words;
    private final int shift;

    KeyNumbers(long[] numbers) {
        sorted = numbers.clone();
        Arrays.sort(sorted);
        int bits = Long.SIZE - Long.numberOfLeadingZeros((long) BITS_PER_NUMBER * Math.max(4, numbers.length));
        words = new long[1 << (bits - 6)];
        shift = Long.SIZE - bits;
        for (long number : numbers) {
            words[bit(number) >>> 6] |= 1L << bit(number);
        }
    }

    /** Sets the rows whose value may be one of them, and returns how many these are; null is none. */
    int choose(ColumnVector values, int rows, int[] chosen) {
        boolean ints = values.dataType() instanceof IntegerType || values.dataType() instanceof DateType;
        boolean nulls = values.hasNull();
        int found = 0;
        for (int row = 0; row < rows; row++) {
            chosen[found] = row;
            boolean may =
                    (!nulls || !values.isNullAt(row)) && mayContain(ints ? values.getInt(row) : values.getLong(row));
            found += may ? 1 : 0;
        }
        return found;
    }

    /** Whether one of them lies between these two, or is one of these. */
    boolean anyBetween(long least, long greatest) {
        int found = Arrays.binarySearch(sorted, least);
        int next = found < 0 ? -found - 1 : found;
        return next < sorted.length && sorted[next] <= greatest;
    }

    /** Empty where such a column or one of such a name cannot be filtered. */
    Optional<FilterPredicate> filter(ColumnDescriptor column) {
        String name = column.getPath()[0];
        if (name.contains(".")) {
            return Optional.empty();
        }
        return switch (column.getPrimitiveType().getPrimitiveTypeName()) {
            case INT32 -> Optional.of(FilterApi.userDefined(FilterApi.intColumn(name), new Between<Integer>(this)));
            case INT64 -> Optional.of(FilterApi.userDefined(FilterApi.longColumn(name), new Between<Long>(this)));
            default -> Optional.empty();
        };
    }

    private boolean mayContain(long number) {
        int bit = bit(number);
        return (words[bit >>> 6] & 1L << bit) != 0;
    }

    /** A multiplication by the golden ratio leaves neighbours apart, and the multiples of a power of two too. */
    private int bit(long number) {
        return (int) ((number * 0x9E3779B97F4A7C15L) >>> shift);
    }

    private static final class Between<T extends Number & Comparable<T>> extends UserDefinedPredicate<T>
            implements Serializable {
        private static final long serialVersionUID = 1;

        private final KeyNumbers numbers;

        private Between(KeyNumbers numbers) {
            this.numbers = numbers;
        }

        @Override
        public boolean acceptsNullValue() {
            return false;
        }

        @Override
        public boolean keep(T value) {
            return numbers.anyBetween(value.longValue(), value.longValue());
        }

        @Override
        public boolean canDrop(Statistics<T> values) {
            return !numbers.anyBetween(
                    values.getMin().longValue(), values.getMax().longValue());
        }

        @Override
        public boolean inverseCanDrop(Statistics<T> values) {
            return false;
        }
    }
}
