package io.firn.decode;

import io.firn.schema.Column;

/** A column and how the source writes its values; null: as JSON does, by the column's format. */
public record EncodedColumn(Column column, Encoding encoding) {}
