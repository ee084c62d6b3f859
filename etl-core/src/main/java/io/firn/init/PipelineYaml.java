package io.firn.init;

import static io.firn.init.YamlText.quoted;
import static io.firn.init.YamlText.scalar;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.firn.init.InferredPipeline.InferredEvent;
import io.firn.init.InferredPipeline.Naming;
import io.firn.schema.Column;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.JsonPath;

/** Writes an inferred pipeline the way people lay such files out: one column per line, in line with its neighbours. */
final class PipelineYaml {
    private static final int WIDEST_ALIGNED = 16;

    private final StringBuilder out = new StringBuilder();
    private final InferredPipeline inferred;
    private final Naming naming;
    private final Names tables = new Names();

    PipelineYaml(InferredPipeline inferred, Naming naming) {
        this.inferred = inferred;
        this.naming = naming;
    }

    String text() {
        line("# yaml-language-server: $schema=" + naming.schema());
        line("# Inferred from " + comment(naming.sample()) + ": " + counts() + ".");
        line("# Types are the narrowest that hold every value of the sample; required, id-columns and transforms are"
                + " yours to add.");
        line("pipeline: " + scalar(naming.pipeline()));
        line("catalog: lake");
        line("source:");
        line("  type: json-dump");
        line("  path: " + quoted(naming.path()));
        if (naming.day() != null) {
            line("  date: " + naming.day() + " # the path has no {date}, so this is the only day there is");
        }
        line("  event-name: " + scalar(inferred.eventName().text()));
        if (inferred.eventTime() != null) {
            line("  event-time: " + scalar(inferred.eventTime().text()));
        }
        line("defaults: {namespace: " + scalar(naming.namespace())
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
        line("  " + scalar(event.name()) + ": # " + count(event.lines(), "line"));
        line("    columns:");
        int name = width(event.columns().stream().map(c -> scalar(c.name())).toList());
        int type =
                width(event.columns().stream().map(c -> scalar(c.type().text())).toList());
        event.columns().forEach(c -> line("      - " + ColumnYaml.of(c, name, type)));
        if (!event.leftOut().isEmpty()) {
            line("      # Only nulls or empty objects seen: " + comment(String.join(", ", event.leftOut())));
        }
        line("    target: {table: " + scalar(table(event)) + partition(event) + "}");
    }

    private String table(InferredEvent event) {
        String name = Names.snakeCase(event.name());
        String safe = Character.isDigit(name.charAt(0)) ? "event_" + name : name;
        return "lake." + naming.namespace() + "." + tables.claim(List.of(safe));
    }

    private String partition(InferredEvent event) {
        JsonPath time = inferred.eventTime();
        Optional<Column> column = event.columns().stream()
                .filter(c -> c.location().equals(time))
                .filter(c -> c.type() == Scalar.TIMESTAMPTZ || c.type() == Scalar.TIMESTAMP || c.type() == Scalar.DATE)
                .findFirst();
        return column.map(c -> ", partition-by: [\"day(" + c.name() + ")\"]").orElse("");
    }

    private String counts() {
        return count(inferred.lines(), "line") + ", " + count(inferred.events().size(), "event")
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
    private static String comment(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", "?");
    }

    private static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static int width(List<String> texts) {
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
