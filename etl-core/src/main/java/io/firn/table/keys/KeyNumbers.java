package io.firn.table.keys;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Optional;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.filter2.predicate.Statistics;
import org.apache.parquet.filter2.predicate.UserDefinedPredicate;

/** The values of a whole-numbered key column, as a filter of row groups and pages by the least and the greatest in them. */
final class KeyNumbers implements Serializable {
    private static final long serialVersionUID = 1;

    private final long[] sorted;

    KeyNumbers(long[] numbers) {
        sorted = numbers.clone();
        Arrays.sort(sorted);
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
