package io.firn;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import io.firn.Maintenance.Action;
import io.firn.Page.Bar;
import io.firn.maintain.DeletesHealth;
import io.firn.maintain.HistoryHealth;
import io.firn.maintain.SizeHistogram;
import io.firn.maintain.TableHealth;
import io.firn.maintain.Verb.Execution;
import io.firn.table.FileSize;

/** What upkeep found, did and gained, as a page that needs nothing else to be shown. */
public final class MaintenancePage {
    private static final int MOST_PARTITIONS = 20;

    private MaintenancePage() {}

    /** The page of a run that looked before and after. */
    public static String of(Maintenance upkeep) {
        boolean did = upkeep.execution() == Execution.DO;
        long was = upkeep.tables().stream()
                .filter(table -> table.before() != null)
                .mapToLong(table -> table.before().cost().total())
                .sum();
        long now = upkeep.tables().stream()
                .filter(table -> table.before() != null)
                .mapToLong(table -> after(table).cost().total())
                .sum();
        long attention = upkeep.tables().stream()
                .flatMap(table -> table.actions().stream())
                .filter(Action::needsAttention)
                .count();
        double seconds = upkeep.tables().stream()
                .flatMap(table -> table.actions().stream())
                .mapToDouble(Action::seconds)
                .sum();
        String body = "<h1>Upkeep of %,d table%s%s</h1><p class=\"quiet\">%s UTC, %.0f s</p>%n"
                .formatted(
                        upkeep.tables().size(),
                        upkeep.tables().size() == 1 ? "" : "s",
                        did ? "" : ", a dry run: nothing was changed",
                        upkeep.started()
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString()
                                .replace("T", " ")
                                .replace("Z", ""),
                        seconds);
        body += "<div class=\"cards\">" + change("a full scan costs", was, now, FileSize::text)
                + card("needs a look", attention == 0 ? "nothing" : "%,d actions".formatted(attention), attention == 0)
                + "</div>\n<p class=\"quiet\">A scan costs what it reads, and for each file that it opens as much as could be"
                + " read meanwhile.</p>\n";
        return Page.of(
                "Upkeep",
                body + upkeep.tables().stream().map(MaintenancePage::table).collect(Collectors.joining()));
    }

    private static TableHealth after(Maintenance.Table table) {
        return table.after() == null ? table.before() : table.after();
    }

    private static String table(Maintenance.Table table) {
        String heading = "<h2>" + Page.escaped(table.table()) + "</h2>\n";
        return heading
                + (table.before() == null ? "" : health(table.before(), after(table)))
                + actions(table.actions());
    }

    private static String health(TableHealth was, TableHealth now) {
        return "<div class=\"cards\">"
                + change("a full scan costs", was.cost().total(), now.cost().total(), FileSize::text)
                + change("data files", was.cost().files(), now.cost().files(), MaintenancePage::number)
                + change("deletes to read", was.cost().deleteFiles(), now.cost().deleteFiles(), MaintenancePage::number)
                + change("deleted rows stored", was.deletedRows(), now.deletedRows(), MaintenancePage::number)
                + change("snapshots", was.history().snapshots(), now.history().snapshots(), MaintenancePage::number)
                + change("manifests", was.history().manifests(), now.history().manifests(), MaintenancePage::number)
                + "</div>\n<div class=\"plots\">"
                + Page.bars("file sizes", sizes(was, now))
                + Page.bars("deletes per data file", deletes(was, now))
                + Page.bars("snapshots made in", snapshots(was, now))
                + "</div>\n"
                + partitions(was);
    }

    private static List<Bar> sizes(TableHealth was, TableHealth now) {
        return bars(was.sizes().bins(), now.sizes().bins(), SizeHistogram.Bin::sizes, SizeHistogram.Bin::files);
    }

    private static List<Bar> deletes(TableHealth was, TableHealth now) {
        return bars(
                was.deletes().perFile(),
                now.deletes().perFile(),
                DeletesHealth.PerFile::deletes,
                DeletesHealth.PerFile::files);
    }

    private static List<Bar> snapshots(TableHealth was, TableHealth now) {
        return bars(
                was.history().ages(), now.history().ages(), HistoryHealth.Aged::made, HistoryHealth.Aged::snapshots);
    }

    private static <T> List<Bar> bars(List<T> was, List<T> now, Function<T, String> name, ToLongFunction<T> value) {
        Map<String, long[]> all = new LinkedHashMap<>();
        was.forEach(bin -> all.computeIfAbsent(name.apply(bin), unused -> new long[2])[0] = value.applyAsLong(bin));
        now.forEach(bin -> all.computeIfAbsent(name.apply(bin), unused -> new long[2])[1] = value.applyAsLong(bin));
        List<Bar> bars = new ArrayList<>();
        all.forEach((bin, values) -> {
            if (values[0] + values[1] > 0) {
                bars.add(new Bar(bin, values[0], values[1]));
            }
        });
        return bars;
    }

    /** What was worth doing before. */
    private static String partitions(TableHealth was) {
        List<List<String>> rows = was.partitions().stream()
                .filter(partition -> !partition.steps().isEmpty())
                .limit(MOST_PARTITIONS)
                .map(partition -> List.of(
                        Page.escaped(partition.partition().isEmpty() ? "the table" : partition.partition()),
                        Page.escaped(partition.steps().stream()
                                .map(step -> step.why())
                                .collect(Collectors.joining("; "))),
                        FileSize.text(partition.cost().total()),
                        FileSize.text(partition.after().total()),
                        "%.1f".formatted(partition.gain())))
                .toList();
        return rows.isEmpty()
                ? ""
                : "<h3>Worth rewriting, the most gain for each byte first</h3>\n"
                        + Page.table(
                                List.of("partition", "why", "a scan cost", "and would cost", "gain per byte"), rows);
    }

    private static String actions(List<Action> actions) {
        List<List<String>> rows = new ArrayList<>();
        for (Action action : actions) {
            String status = action.failure() != null
                    ? "failed"
                    : action.result().status().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            String kind = action.needsAttention() ? "bad" : action.isNothing() ? "quiet" : "good";
            rows.add(List.of(
                    Page.escaped(action.verb()),
                    "<span class=\"%s\">%s</span>".formatted(kind, status),
                    what(action),
                    "%.1f s".formatted(action.seconds())));
        }
        return "<div class=\"wide\">" + Page.table(List.of("action", "", "what", "took"), rows) + "</div>\n";
    }

    private static String what(Action action) {
        if (action.failure() != null) {
            return Page.escaped(action.failure());
        }
        List<String> details = action.result().details();
        String more = details.isEmpty()
                ? ""
                : "<details><summary>%,d more lines</summary>%s</details>"
                        .formatted(
                                details.size(),
                                details.stream().map(Page::escaped).collect(Collectors.joining("<br>")));
        return Page.escaped(action.result().summary()) + more;
    }

    private static String number(long value) {
        return "%,d".formatted(value);
    }

    private static String change(String what, long was, long now, LongFunction<String> text) {
        String shown = was == now ? text.apply(now) : text.apply(was) + " &rarr; " + text.apply(now);
        return card(what, shown, was > now);
    }

    /** @param value HTML */
    private static String card(String what, String value, boolean good) {
        return "<div class=\"card\"><span class=\"quiet\">%s</span><b%s>%s</b></div>"
                .formatted(Page.escaped(what), good ? " class=\"good\"" : "", value);
    }
}
