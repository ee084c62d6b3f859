package io.firn.parquet;

import java.util.List;

/**
 * What was written.
 *
 * @param rowGroups the offsets at which row groups begin
 */
public record FileFacts(long length, long rows, List<Long> rowGroups, List<ColumnFacts> columns) {}
