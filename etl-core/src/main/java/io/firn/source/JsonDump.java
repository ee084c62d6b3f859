package io.firn.source;

import io.firn.schema.JsonPath;

/**
 * A day's dump of JSON lines, all event types mixed; plain, gzip or zstd is told from the bytes.
 *
 * @param path a directory, file or glob with {@code {date}} in it (also {@code {yyyy}}, {@code {MM}}, {@code {dd}})
 * @param eventName where a line says which event it is
 * @param eventTime where a line says when it happened; null if nowhere
 * @param maxLineBytes longer lines are quarantined; null: 64 MiB
 */
public record JsonDump(String path, JsonPath eventName, JsonPath eventTime, Long maxLineBytes) implements Source {}
