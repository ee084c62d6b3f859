package io.firn.maintain;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import com.fasterxml.jackson.annotation.JsonIgnore;

import io.firn.table.FileSize;

/**
 * What compaction did.
 *
 * @param done the steps that were taken, or would be, in order
 * @param left those that were worth it and are left: for want of budget, or since writers were always first
 * @param hot partitions that are left until they cool
 * @param rewritten files and bytes
 * @param before what a scan of the whole table cost
 * @param after what it costs now, or would
 */
public record Compacted(
        Status status,
        List<CompactionStep> done,
        List<CompactionStep> left,
        List<String> hot,
        Rewrite.Totals rewritten,
        ScanCost before,
        ScanCost after)
        implements Maintained {

    static Compacted planned(CompactionPlan plan, List<CompactionStep> chosen, ScanCost before) {
        ScanCost after =
                chosen.stream().map(step -> step.after().minus(step.before())).reduce(before, ScanCost::plus);
        long files = chosen.stream().mapToLong(CompactionStep::files).sum();
        long bytes = chosen.stream().mapToLong(CompactionStep::bytes).sum();
        List<CompactionStep> left = new ArrayList<>(plan.steps());
        left.removeAll(chosen);
        Status status = !chosen.isEmpty() ? Status.PLANNED : left.isEmpty() ? Status.NOTHING_TO_DO : Status.PARTLY;
        return new Compacted(
                status, chosen, left, plan.hot(), new Rewrite.Totals(files, bytes, 0, 0, 0, 0), before, after);
    }

    @Override
    @JsonIgnore
    public String summary() {
        String hotter = hot.isEmpty() ? "" : "; %d partitions are still being written".formatted(hot.size());
        return switch (status) {
            case NOTHING_TO_DO -> "no rewrite is worth it" + hotter;
            case PLANNED ->
                "would rewrite %,d files, %s; a scan would cost %s, now %s%s"
                        .formatted(
                                rewritten.files(),
                                FileSize.text(rewritten.bytes()),
                                FileSize.text(after.total()),
                                FileSize.text(before.total()),
                                hotter);
            default ->
                "rewrote %,d data files and %,d delete files, %s, into %,d; a scan costs %s, before %s%s%s"
                        .formatted(
                                rewritten.files(),
                                rewritten.deleteFiles(),
                                FileSize.text(rewritten.bytes()),
                                rewritten.added(),
                                FileSize.text(after.total()),
                                FileSize.text(before.total()),
                                left.isEmpty() ? "" : "; %d steps are left for the next run".formatted(left.size()),
                                hotter);
        };
    }

    @Override
    @JsonIgnore
    public List<String> details() {
        List<String> lines = new ArrayList<>();
        done.forEach(step -> lines.add(line(step)));
        left.forEach(step -> lines.add("left: " + line(step)));
        hot.forEach(partition -> lines.add("hot: " + partition));
        return lines;
    }

    static String line(List<CompactionStep> part) {
        return part.stream().map(Compacted::line).collect(Collectors.joining("; "));
    }

    private static String line(CompactionStep step) {
        return "%s %s: %s; %,d files, %s, spares each scan %s"
                .formatted(
                        step.how().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                        step.partition().isEmpty() ? "the table" : step.partition(),
                        step.why(),
                        step.files(),
                        FileSize.text(step.bytes()),
                        FileSize.text(step.gain()));
    }
}
