package io.firn;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import io.firn.ErasureResult.Part;
import io.firn.maintain.ErasureFigures.Erased;
import io.firn.maintain.ErasureFigures.Proof;

/** An erasure as a page that needs nothing else to be read, or as JSON. */
public final class ErasureReport {
    /** What {@link #row} tells. */
    public static final List<String> HEAD =
            List.of("table", "role", "stored", "rows", "files", "bytes", "snapshots", "refs dropped", "read", "found");

    private ErasureReport() {}

    /** How it ended, in words. */
    public static String outcome(ErasureResult result) {
        return switch (result.outcome()) {
            case ERASED -> "erased, and proven by reading every file that is left";
            case PLANNED -> "a dry run, nothing was changed";
            case NOT_PROVEN -> "not all of it is gone, as runs brought more meanwhile; run again";
        };
    }

    /** A table's figures. */
    public static List<Object> row(Part part) {
        Erased erased = part.erased();
        Proof proof = part.proof();
        return List.of(
                part.table(),
                part.role().name().toLowerCase(Locale.ROOT),
                part.found().stored(),
                erased == null ? "" : erased.rows(),
                erased == null ? part.found().files() : erased.files(),
                erased == null ? part.found().bytes() : erased.bytes(),
                erased == null ? part.found().older() : erased.snapshots(),
                part.droppedRefs().size(),
                proof == null ? "" : "%,d rows of %,d files".formatted(proof.rows(), proof.files()),
                proof == null ? "" : proof.matches());
    }

    /** The result, indented. */
    public static String json(ErasureResult result) {
        return Json.document(result);
    }

    /** A page. */
    public static String html(ErasureResult result) {
        List<List<String>> rows = result.tables().stream()
                .map(part -> row(part).stream()
                        .map(cell ->
                                cell instanceof Long number ? "%,d".formatted(number) : Page.escaped(cell.toString()))
                        .toList())
                .toList();
        String pending = result.pending().isEmpty()
                ? "<p>Nothing.</p>"
                : result.pending().stream()
                        .map(line -> "<li>" + Page.escaped(line) + "\n")
                        .collect(Collectors.joining("", "<ul>\n", "</ul>"));
        String refs = result.tables().stream()
                .flatMap(part -> part.droppedRefs().stream().map(ref -> ref + " of " + part.table()))
                .collect(Collectors.joining(", "));
        String kind =
                switch (result.outcome()) {
                    case ERASED -> "good";
                    case PLANNED -> "note";
                    case NOT_PROVEN -> "bad";
                };
        return Page.of(
                "Erasure from " + result.table(),
                """
                <h1>Erasure from %s: <span class="%s">%s</span></h1>
                <dl>
                <dt>When<dd>%s to %s
                <dt>Condition<dd>over %s; sha256 of its text <code>%s</code>
                <dt>References dropped<dd>%s
                </dl>
                <h2>Tables</h2>
                %s<p class="quiet">stored: rows in files that main or another reference named, those too that deletes hid.
                rows: those of them that main showed. files and bytes: what was written anew without them. snapshots: expired.
                read: every file that any snapshot still names, without trust in metadata. found: rows of the subject in
                them.</p>
                <h2>Pending</h2>
                %s
                """
                        .formatted(
                                Page.escaped(result.table()),
                                kind,
                                Page.escaped(outcome(result)),
                                result.started(),
                                result.ended(),
                                Page.escaped(String.join(", ", result.columns())),
                                result.sha256(),
                                refs.isEmpty() ? "none" : Page.escaped(refs),
                                Page.table(HEAD, rows),
                                pending));
    }
}
