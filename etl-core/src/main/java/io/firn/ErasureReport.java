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

    private static final String STYLE =
            """
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 3rem auto; padding: 0 1rem; color: #1c2530 }
            h1 { font-size: 1.6rem } .ERASED { color: #11713c } .NOT_PROVEN { color: #b3261e } .PLANNED { color: #6b5200 }
            table { border-collapse: collapse; width: 100%; margin: 1rem 0 } th, td { padding: .4rem .6rem; text-align: right;
              border-bottom: 1px solid #d5dbe1 } th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left }
            dt { font-weight: 600 } code { overflow-wrap: anywhere } .small { color: #5a6672; font-size: .85rem }
            """;

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
        String rows = result.tables().stream()
                .map(part -> row(part).stream()
                        .map(cell -> "<td>"
                                + escaped(cell instanceof Long number ? "%,d".formatted(number) : cell.toString()))
                        .collect(Collectors.joining("", "<tr>", "\n")))
                .collect(Collectors.joining());
        String pending = result.pending().isEmpty()
                ? "<p>Nothing.</p>"
                : result.pending().stream()
                        .map(line -> "<li>" + escaped(line) + "\n")
                        .collect(Collectors.joining("", "<ul>\n", "</ul>"));
        String refs = result.tables().stream()
                .flatMap(part -> part.droppedRefs().stream().map(ref -> ref + " of " + part.table()))
                .collect(Collectors.joining(", "));
        return """
                <!doctype html>
                <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>Erasure from %1$s</title>
                <style>%2$s</style>
                <h1>Erasure from %1$s: <span class="%3$s">%4$s</span></h1>
                <dl>
                <dt>When<dd>%5$s to %6$s
                <dt>Condition<dd>over %7$s; sha256 of its text <code>%8$s</code>
                <dt>References dropped<dd>%9$s
                </dl>
                <h2>Tables</h2>
                <table><tr>%10$s
                %11$s</table>
                <p class="small">stored: rows in files that main or another reference named, those too that deletes hid.
                rows: those of them that main showed. files and bytes: what was written anew without them. snapshots: expired.
                read: every file that any snapshot still names, without trust in metadata. found: rows of the subject in
                them.</p>
                <h2>Pending</h2>
                %12$s
                </html>
                """
                .formatted(
                        escaped(result.table()),
                        STYLE,
                        result.outcome(),
                        escaped(outcome(result)),
                        result.started(),
                        result.ended(),
                        escaped(String.join(", ", result.columns())),
                        result.sha256(),
                        refs.isEmpty() ? "none" : escaped(refs),
                        HEAD.stream().map(head -> "<th>" + head).collect(Collectors.joining()),
                        rows,
                        pending);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
