package io.firn;

import java.util.Map;
import java.util.TreeMap;

import io.firn.RunResult.Changes;
import io.firn.RunResult.Lines;
import io.firn.RunResult.TableOutcome;
import io.firn.RunResult.TableResult;
import io.firn.load.FoldedBatch;
import io.firn.table.Outcome;

/** What the batches of a topic came to so far. */
final class FeedTotals {
    private final String topic;
    private final String table;
    private final Map<String, Long> skipped = new TreeMap<>();
    private Lines lines = Lines.NONE;
    private TableOutcome outcome = TableOutcome.NOTHING_NEW;
    private int batches;
    private int files;
    private long bytes;
    private long stale;
    private long behind;
    private double seconds;
    private Long snapshot;
    private String merge;

    FeedTotals(String topic, String table) {
        this.topic = topic;
        this.table = table;
    }

    void behind(long records) {
        behind = records;
    }

    /** @param unmatched rows that were staged and refused after all */
    void published(FoldedBatch staged, long unmatched, Outcome.Published in, long nanos) {
        add(staged, staged.rows() - unmatched, 0, unmatched);
        outcome = TableOutcome.PUBLISHED;
        batches++;
        files += in.files();
        bytes += in.bytes();
        seconds += nanos / 1e9;
        snapshot = in.snapshot();
        if (in.merged() != null) {
            stale += in.merged().stale();
            merge = in.merged().plan().reason();
        }
    }

    /** Another run was faster with the same. */
    void already(FoldedBatch staged) {
        add(staged, 0, staged.rows(), 0);
        if (outcome == TableOutcome.NOTHING_NEW) {
            outcome = TableOutcome.ALREADY_DONE;
        }
    }

    void heldBack(FoldedBatch staged, long refused) {
        add(staged, 0, staged.rows() - (refused - staged.refused()), refused - staged.refused());
    }

    private void add(FoldedBatch staged, long loaded, long notAdded, long unmatched) {
        long other =
                staged.skipped().values().stream().mapToLong(Long::longValue).sum();
        staged.skipped().forEach((kind, count) -> skipped.merge(kind, count, Long::sum));
        lines = lines.plus(new Lines(
                staged.records(),
                loaded,
                staged.refused() + unmatched,
                staged.filtered(),
                0,
                notAdded,
                staged.superseded(),
                other));
    }

    Lines lines() {
        return lines;
    }

    TableResult result() {
        return result(outcome);
    }

    TableResult result(TableOutcome as) {
        return new TableResult(
                topic,
                table,
                as,
                lines.read(),
                lines.loaded(),
                lines.quarantined(),
                lines.filtered(),
                files,
                bytes,
                seconds,
                snapshot,
                null,
                new Changes(batches, lines.superseded(), stale, skipped, behind, merge));
    }
}
