package io.firn.jobs;

import io.firn.TopicPreview;
import io.firn.TopicPreview.TablePreview;
import io.firn.table.FileSize;
import io.firn.table.MergePlan;

/** What a run over topics would do, for people. */
final class TopicPlanText {
    private TopicPlanText() {}

    static String of(TopicPreview preview) {
        TextTable table =
                new TextTable("table", "action", "records", "left after", "files touched", "of", "bytes touched");
        for (TablePreview t : preview.tables()) {
            MergePlan merge = t.merge();
            table.row(
                    t.table(),
                    action(t),
                    t.records(),
                    t.behind(),
                    merge == null ? null : merge.touchedFiles(),
                    merge == null ? null : merge.files(),
                    merge == null ? null : FileSize.text(merge.touchedBytes()));
        }
        StringBuilder out = new StringBuilder(preview.pipeline()).append("\n\n").append(table.print());
        preview.tables().forEach(t -> details(t, out));
        return out.toString();
    }

    private static String action(TablePreview table) {
        if (table.problem() != null || !table.conflicts().isEmpty()) {
            return "blocked";
        }
        if (table.create()) {
            return "create";
        }
        if (!table.columns().isEmpty() || !table.changed().isEmpty()) {
            return "change";
        }
        return table.records() > 0 ? "load" : "nothing";
    }

    private static void details(TablePreview table, StringBuilder out) {
        if (!table.columns().isEmpty()) {
            out.append("\n%s %s%n".formatted(table.table(), table.create() ? "(new)" : "gains columns"));
            table.columns().forEach(column -> out.append("  + ").append(column).append('\n'));
        }
        table.changed().forEach(change -> out.append("%n%s: %s%n".formatted(table.table(), change)));
        if (table.records() > 0) {
            table.offsets()
                    .forEach((topic, partitions) -> partitions.forEach(
                            (partition, range) -> out.append("%n%s: %s partition %d, offsets %d to %d"
                                    .formatted(table.table(), topic, partition, range.from(), range.to()))));
            out.append('\n');
        }
        if (table.merge() != null) {
            out.append("%s: merge %s%n".formatted(table.table(), table.merge().reason()));
        }
        table.conflicts().forEach(conflict -> out.append("\n! %s: %s%n".formatted(table.table(), conflict)));
        if (table.problem() != null) {
            out.append("\n! %s: %s%n".formatted(table.table(), table.problem()));
        }
    }
}
