package io.firn;

import java.util.List;
import java.util.stream.Collectors;

/** A page of HTML that needs nothing else to be shown: no network, no script. */
final class Page {
    private static final String STYLE =
            """
            :root { --ink: #17202a; --quiet: #5c6b7a; --line: #d8dfe6; --back: #fff; --card: #f5f8fa; --now: #2a7de1;
              --was: #a9b7c4; --good: #11713c; --bad: #b3261e; --note: #8a5a00 }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --quiet: #93a1af; --line: #30363d;
              --back: #0d1117; --card: #161b22; --now: #4f9cf5; --was: #5b6875; --good: #4ac27a; --bad: #ff7b72;
              --note: #e3b341 } }
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2.5rem auto; padding: 0 1rem;
              color: var(--ink); background: var(--back) }
            h1 { font-size: 1.6rem; margin-bottom: .2rem } h2 { font-size: 1.25rem; margin-top: 2.5rem }
            h3 { font-size: 1rem; margin: 0 0 .5rem } .quiet { color: var(--quiet) } code { overflow-wrap: anywhere }
            table { border-collapse: collapse; width: 100%; margin: 1rem 0 } th { color: var(--quiet); font-weight: 500 }
            th, td { padding: .35rem .6rem; text-align: right; border-bottom: 1px solid var(--line); vertical-align: top }
            th:nth-child(-n+2), td:nth-child(-n+2), .wide th:nth-child(3), .wide td:nth-child(3) { text-align: left }
            dt { font-weight: 600 } details { color: var(--quiet) }
            .good { color: var(--good) } .bad { color: var(--bad) } .note { color: var(--note) }
            .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .8rem; margin: 1rem 0 }
            .card { background: var(--card); border-radius: .5rem; padding: .7rem .9rem }
            .card b { display: block; font-size: 1.3rem; font-weight: 600 }
            .plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1.5rem }
            svg { width: 100%; height: auto } svg text { font-size: 12px; fill: var(--ink) }
            svg .was { fill: var(--was) } svg .now { fill: var(--now) } svg .figure { fill: var(--quiet) }
            """;

    private Page() {}

    /** The whole of it; {@code body} is HTML. */
    static String of(String title, String body) {
        return """
                <!doctype html>
                <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
                <title>%s</title>
                <style>%s</style>
                %s
                </html>
                """
                .formatted(escaped(title), STYLE, body);
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** A class of values and how many there are of it before and after. */
    record Bar(String name, long was, long now) {}

    /** Bars side by side, before and after; where nothing was done, {@code now} alone is drawn. */
    static String bars(String title, List<Bar> bars) {
        boolean both = bars.stream().anyMatch(bar -> bar.was() != bar.now());
        long most = Math.max(
                1,
                bars.stream()
                        .mapToLong(bar -> Math.max(bar.was(), bar.now()))
                        .max()
                        .orElse(1));
        StringBuilder drawn = new StringBuilder();
        int y = 0;
        for (Bar bar : bars) {
            drawn.append("<text x=\"0\" y=\"%d\">%s</text>".formatted(y + (both ? 18 : 13), escaped(bar.name())));
            if (both) {
                drawn.append(bar("was", y, bar.was(), most));
                y += 14;
            }
            drawn.append(bar("now", y, bar.now(), most));
            y += both ? 20 : 22;
        }
        return """
                <div><h3>%s</h3>
                <svg viewBox="0 0 420 %d" role="img" aria-label="%s">%s</svg></div>
                """
                .formatted(escaped(title), Math.max(y, 1), escaped(title), drawn);
    }

    private static String bar(String kind, int y, long value, long most) {
        long width = value == 0 ? 0 : Math.max(2, value * 220 / most);
        return "<rect class=\"%s\" x=\"130\" y=\"%d\" width=\"%d\" height=\"12\" rx=\"2\"/>"
                        .formatted(kind, y + 2, width)
                + "<text class=\"figure\" x=\"%d\" y=\"%d\">%,d</text>".formatted(136 + width, y + 12, value);
    }

    /** A heading's cells and rows of cells, which are HTML; the first two of a row are text. */
    static String table(List<String> head, List<List<String>> rows) {
        return "<table><tr>"
                + head.stream().map(cell -> "<th>" + escaped(cell)).collect(Collectors.joining())
                + rows.stream()
                        .map(row ->
                                row.stream().map(cell -> "<td>" + cell).collect(Collectors.joining("", "\n<tr>", "")))
                        .collect(Collectors.joining())
                + "</table>\n";
    }
}
