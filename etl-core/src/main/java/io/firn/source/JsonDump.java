package io.firn.source;

import java.util.List;
import java.util.function.UnaryOperator;

import io.firn.config.Scope;
import io.firn.schema.JsonPath;

/**
 * A day's dump of JSON lines, all event types mixed; plain, gzip or zstd is told from the bytes.
 *
 * @param path a directory, file or glob with {@code {date}} in it (also {@code {yyyy}}, {@code {MM}}, {@code {dd}})
 * @param eventName where a line says which event it is
 * @param eventTime where a line says when it happened; null if nowhere
 * @param maxLineBytes longer lines are quarantined; null: 64 MiB
 */
public record JsonDump(String path, JsonPath eventName, JsonPath eventTime, Long maxLineBytes) implements Source {
    public static final long DEFAULT_MAX_LINE_BYTES = 64L << 20;

    private static final long MIN_LINE_BYTES = 1 << 10;
    private static final long MAX_LINE_BYTES = 1 << 30;

    @Override
    public void check(Scope scope) {
        if (path != null
                && !path.contains("{date}")
                && !List.of("{yyyy}", "{MM}", "{dd}").stream().allMatch(path::contains)) {
            scope.at("path")
                    .problem("path has no {date}, so every day would load the same files; write {date}, or {yyyy},"
                            + " {MM} and {dd}");
        }
        if (maxLineBytes != null && (maxLineBytes < MIN_LINE_BYTES || maxLineBytes > MAX_LINE_BYTES)) {
            scope.at("max-line-bytes")
                    .problem("max-line-bytes is " + maxLineBytes + "; it must lie between " + MIN_LINE_BYTES + " and "
                            + MAX_LINE_BYTES);
        }
    }

    @Override
    public Source located(UnaryOperator<String> absolute) {
        return new JsonDump(absolute.apply(path), eventName, eventTime, maxLineBytes);
    }
}
