package io.firn;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a replay of the quarantine came to.
 *
 * @param snapshot the quarantine's snapshot that was read; null when there was nothing to do
 * @param rows quarantined lines before
 * @param loaded lines that their tables gained
 * @param left quarantined lines after
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReplayResult(
        String pipeline,
        String quarantine,
        Long snapshot,
        long rows,
        long loaded,
        long left,
        ExitCode exit,
        List<ReplayedTable> tables) {

    /** One table that gained rows, or failed to. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ReplayedTable(String event, String table, long loaded, Long snapshot, String error) {}
}
