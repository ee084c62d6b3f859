package io.firn.parquet;

import java.util.Map;

/**
 * How a file is laid out.
 *
 * @param rowGroupBytes of encoded values before a row group is written
 * @param pageBytes before compression
 * @param dictionaryBytes a larger dictionary gives up
 * @param metadata for the footer
 */
public record FileSettings(
        long rowGroupBytes, int pageBytes, int dictionaryBytes, Codec codec, Map<String, String> metadata) {}
