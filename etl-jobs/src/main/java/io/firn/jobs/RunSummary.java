package io.firn.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.firn.EvolvedEvent;
import io.firn.EvolvedEvent.NewColumn;
import io.firn.RunResult;
import io.firn.RunResult.Changes;
import io.firn.RunResult.Lines;
import io.firn.RunResult.TableOutcome;
import io.firn.RunResult.TableResult;
import io.firn.RunResult.UnknownColumn;
import io.firn.table.FileSize;

/** A run's result for people. */
final class RunSummary {
    private static final int MAX_UNKNOWN = 12;

    private RunSummary() {}

    static String of(RunResult run) {
        StringBuilder out = new StringBuilder(tablesAndCounts(run));
        evolved(run.evolved(), out);
        unknown(run.unknownColumns(), out);
        run.problems().forEach(problem -> out.append("\n! ").append(problem).append('\n'));
        out.append("\nThe same as JSON: ").append(run.resultFile()).append('\n');
        return out.toString();
    }

    /** The run without what is to be looked at. */
    static String tablesAndCounts(RunResult run) {
        StringBuilder out = new StringBuilder(line(run)).append('\n');
        if (run.files() != null) {
            out.append("%d of %d files read (%s) in %.1f s%n"
                    .formatted(
                            run.files().read(),
                            run.files().listed(),
                            FileSize.text(run.files().bytes()),
                            run.seconds()));
        }
        if (run.tables().stream().anyMatch(table -> table.changes() != null)) {
            out.append('\n').append(changes(run));
        } else if (!run.tables().isEmpty()) {
            out.append('\n').append(tables(run));
        }
        if (run.quarantine() != null && run.quarantine().rows() > 0) {
            out.append("%nQuarantine: %,d rows in %s%n"
                    .formatted(run.quarantine().rows(), run.quarantine().table()));
        }
        if (!run.notListed().isEmpty()) {
            out.append("\nNot listed in the YAML:");
            run.notListed().forEach((event, lines) -> out.append(" %s (%,d)".formatted(event, lines)));
            out.append('\n');
        }
        return out.toString();
    }

    /** The run in one line: what every line of the day came to. */
    static String line(RunResult run) {
        return run.pipeline() + "  " + run.date() + "  " + headline(run);
    }

    private static String headline(RunResult run) {
        Lines lines = run.lines();
        List<String> parts = new ArrayList<>();
        parts.add("%,d loaded".formatted(lines.loaded()));
        parts.add("%,d quarantined".formatted(lines.quarantined()));
        if (lines.filtered() > 0) {
            parts.add("%,d filtered".formatted(lines.filtered()));
        }
        if (run.files() != null || lines.notListed() > 0) {
            parts.add("%,d not listed".formatted(lines.notListed()));
        }
        if (lines.superseded() > 0) {
            parts.add("%,d superseded".formatted(lines.superseded()));
        }
        if (lines.skipped() > 0) {
            parts.add("%,d skipped".formatted(lines.skipped()));
        }
        if (lines.notAdded() > 0) {
            parts.add("%,d not added".formatted(lines.notAdded()));
        }
        String what = run.files() == null ? "records" : "lines";
        return String.format(Locale.ROOT, "%,d %s = %s", lines.read(), what, String.join(" + ", parts));
    }

    private static String tables(RunResult run) {
        TextTable table = new TextTable(
                "event", "table", "outcome", "lines", "loaded", "quarantined", "files", "bytes", "seconds", "snapshot");
        for (TableResult t : run.tables()) {
            table.row(
                    t.event(),
                    t.table(),
                    words(t.outcome()),
                    t.lines(),
                    t.loaded(),
                    t.quarantined(),
                    t.files(),
                    FileSize.text(t.bytes()),
                    t.seconds(),
                    t.snapshot() == null ? "" : t.snapshot().toString());
        }
        return table.print();
    }

    private static String changes(RunResult run) {
        TextTable table = new TextTable(
                "topic",
                "table",
                "outcome",
                "records",
                "rows",
                "stale",
                "quarantined",
                "batches",
                "behind",
                "seconds",
                "snapshot");
        StringBuilder merges = new StringBuilder();
        for (TableResult t : run.tables()) {
            Changes c = t.changes() == null ? new Changes(0, 0, 0, Map.of(), 0, null) : t.changes();
            table.row(
                    t.event(),
                    t.table(),
                    words(t.outcome()),
                    t.lines(),
                    t.loaded(),
                    c.stale(),
                    t.quarantined(),
                    c.batches(),
                    c.behind(),
                    t.seconds(),
                    t.snapshot() == null ? "" : t.snapshot().toString());
            if (c.merge() != null) {
                merges.append("merge of ")
                        .append(t.table())
                        .append(": ")
                        .append(c.merge())
                        .append('\n');
            }
        }
        return table.print() + (merges.isEmpty() ? "" : "\n" + merges);
    }

    private static String words(TableOutcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static void unknown(List<UnknownColumn> unknown, StringBuilder out) {
        if (unknown.isEmpty()) {
            return;
        }
        out.append("\nFields that no column names (unknown-columns in the YAML says what to do with them):\n");
        TextTable table = new TextTable("event", "path", "lines", "type", "sample");
        unknown.stream()
                .limit(MAX_UNKNOWN)
                .forEach(u -> table.row(u.event(), u.path(), u.lines(), u.type(), oneLine(u.sample())));
        out.append(table.print());
        if (unknown.size() > MAX_UNKNOWN) {
            out.append("... and %,d more in run-result.json%n".formatted(unknown.size() - MAX_UNKNOWN));
        }
    }

    private static void evolved(List<EvolvedEvent> evolved, StringBuilder out) {
        if (evolved == null) {
            return;
        }
        for (EvolvedEvent event : evolved) {
            out.append("\n%s has new columns:%n".formatted(event.table()));
            TextTable table = new TextTable("column", "type", "path", "");
            event.columns()
                    .forEach(c -> table.row(
                            c.name(),
                            c.type(),
                            c.path(),
                            c.insteadOf() == null
                                    ? c.note() == null ? "" : c.note()
                                    : "what " + c.insteadOf() + " does not hold"));
            out.append(table.print());
            List<String> lines = event.columns().stream()
                    .map(NewColumn::yaml)
                    .filter(Objects::nonNull)
                    .toList();
            if (!lines.isEmpty()) {
                out.append("To list them in the YAML, under events.%s.columns:%n".formatted(event.event()));
                lines.forEach(line -> out.append("      ").append(line).append('\n'));
            }
        }
    }

    private static String oneLine(String sample) {
        if (sample == null) {
            return "";
        }
        String line = sample.replaceAll("\\p{Cntrl}", " ");
        return line.length() > 48 ? line.substring(0, 47) + "…" : line;
    }
}
