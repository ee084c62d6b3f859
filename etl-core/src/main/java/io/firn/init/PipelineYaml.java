package io.firn.init;

import static io.firn.init.YamlText.quoted;
import static io.firn.init.YamlText.scalar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.firn.init.InferredPipeline.InferredEvent;
import io.firn.init.InferredPipeline.Naming;

/** Writes an inferred pipeline the way people lay such files out: one column per line, in line with its neighbours. */
final class PipelineYaml {
    private static final int WIDEST_ALIGNED = 16;

    private final StringBuilder out = new StringBuilder();
    private final InferredPipeline inferred;
    private final Head head;
    private final Names tables = new Names();

    PipelineYaml(InferredPipeline inferred, Head head) {
        this.inferred = inferred;
        this.head = head;
    }

    /**
     * What a sample does not say.
     *
     * @param from what was looked at
     * @param unit what the sample is made of
     * @param source the source's lines without its events
     * @param declared whether the tables are defined under {@code ddl/}
     */
    record Head(
            String schema,
            String from,
            String unit,
            String pipeline,
            String catalog,
            List<String> source,
            String namespace,
            boolean declared) {

        static Head of(Naming naming) {
            List<String> source = new ArrayList<>(List.of("type: json-dump", "path: " + quoted(naming.path())));
            if (naming.day() != null) {
                source.add("date: " + naming.day() + " # the path has no {date}, so this is the only day there is");
            }
            return new Head(
                    naming.schema(),
                    naming.sample(),
                    "line",
                    naming.pipeline(),
                    "lake",
                    source,
                    naming.namespace(),
                    false);
        }
    }

    String text() {
        line("# yaml-language-server: $schema=" + head.schema());
        line("# Inferred from " + comment(head.from()) + ": " + counts() + ".");
        line("# Types are the narrowest that hold every value of the sample; required, id-columns and transforms are"
                + " yours to add.");
        line("pipeline: " + scalar(head.pipeline()));
        line("catalog: " + scalar(head.catalog()));
        line("source:");
        head.source().forEach(text -> line("  " + text));
        line("  event-name: " + scalar(inferred.eventName().text()));
        if (inferred.eventTime() != null) {
            line("  event-time: " + scalar(inferred.eventTime().text()));
        }
        line("defaults: {namespace: " + scalar(head.namespace())
                + ", mode: append, unknown-columns: report, max-quarantined: " + maxQuarantined() + "}");
        line("");
        line("events:");
        String gap = "";
        for (InferredEvent event : inferred.events()) {
            out.append(gap);
            event(event);
            gap = "\n";
        }
        return out.toString();
    }

    private void event(InferredEvent event) {
        line("  " + scalar(event.name()) + ": # " + count(event.lines(), head.unit()));
        line("    columns:");
        int name = width(event.columns().stream().map(c -> scalar(c.name())).toList());
        int type =
                width(event.columns().stream().map(c -> scalar(c.type().text())).toList());
        event.columns().forEach(c -> line("      - " + ColumnYaml.of(c, name, type)));
        if (!event.leftOut().isEmpty()) {
            line("      # Only nulls or empty objects seen: " + comment(String.join(", ", event.leftOut())));
        }
        String where = head.declared() ? "} # partitioning and properties: under ddl/" : partition(event) + "}";
        line("    target: {table: " + scalar(table(event)) + where);
    }

    /** The event's table; each event is asked for once, in order. */
    String table(InferredEvent event) {
        String name = Names.snakeCase(event.name());
        String safe = Character.isDigit(name.charAt(0)) ? "event_" + name : name;
        return head.catalog() + "." + head.namespace() + "." + tables.claim(List.of(safe));
    }

    private String partition(InferredEvent event) {
        return inferred.time(event)
                .map(c -> ", partition-by: [\"day(" + c.name() + ")\"]")
                .orElse("");
    }

    private String counts() {
        return count(inferred.lines(), head.unit()) + ", "
                + count(inferred.events().size(), "event")
                + (inferred.malformed() > 0 ? ", " + inferred.malformed() + " malformed" : "")
                + (inferred.nameless() > 0 ? ", " + inferred.nameless() + " without an event name" : "");
    }

    /** One in a hundred, or twice what the sample shows. */
    private String maxQuarantined() {
        long percent = inferred.lines() == 0
                ? 1
                : Math.max(
                        1,
                        (200 * (inferred.malformed() + inferred.nameless()) + inferred.lines() - 1) / inferred.lines());
        return String.format(Locale.ROOT, "%.2f", Math.min(percent, 100) / 100.0);
    }

    /** Keys and paths may hold anything, a line break must not end the comment. */
    static String comment(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", "?");
    }

    static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    static int width(List<String> texts) {
        return texts.stream()
                .mapToInt(String::length)
                .filter(l -> l <= WIDEST_ALIGNED * 2)
                .max()
                .orElse(0);
    }

    private void line(String text) {
        out.append(text).append('\n');
    }
}
