package io.firn.parquet;

import java.nio.ByteBuffer;

/**
 * What one column of a file holds.
 *
 * @param repeated whether it lies in a list or a map
 * @param size bytes in the file
 * @param values nulls included
 * @param lower the least value in Parquet's plain form, without the length of byte arrays; null where there is none;
 *     what is not a number does not count
 * @param upper the greatest
 */
public record ColumnFacts(
        int fieldId,
        boolean repeated,
        long size,
        long values,
        long nulls,
        long nans,
        ByteBuffer lower,
        ByteBuffer upper) {}
