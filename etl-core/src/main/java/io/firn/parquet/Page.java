package io.firn.parquet;

import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.Statistics;

/** A data page that is ready to be written. */
record Page(BytesInput body, int uncompressed, int values, int rows, Statistics<?> statistics, Encoding encoding) {}
