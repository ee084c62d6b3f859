package io.firn.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the sides of a scenario cost and hold.
 *
 * @param differences what a side holds otherwise than the generator and the other sides say; empty when all is well
 */
record Scenario(String name, Dump dump, Map<String, Cost> costs, Map<String, Held> held, List<String> differences) {

    /** What a side's tables hold in sum. */
    record Held(long rows, long malformed, long bytes, long files) {}

    static Scenario of(String name, Dump dump, List<Side> sides) throws IOException, InterruptedException {
        Map<String, Cost> costs = new LinkedHashMap<>();
        Map<String, Held> held = new LinkedHashMap<>();
        List<String> differences = new ArrayList<>();
        List<TableFacts> first = null;
        for (Side side : sides) {
            costs.put(side.name(), side.cost());
            if (side.name().equals(Baseline.START.name())) {
                continue;
            }
            List<TableFacts> facts = side.facts(dump);
            first = first == null ? facts : first;
            differences.addAll(differences(side.name(), dump, facts, first));
            held.put(
                    side.name(),
                    new Held(
                            facts.stream()
                                    .filter(table -> !table.type().equals(TableFacts.QUARANTINE))
                                    .mapToLong(TableFacts::count)
                                    .sum(),
                            facts.stream().mapToLong(TableFacts::malformed).sum(),
                            facts.stream().mapToLong(TableFacts::bytes).sum(),
                            facts.stream().mapToLong(TableFacts::files).sum()));
        }
        return new Scenario(name, dump, costs, held, differences);
    }

    private static List<String> differences(String side, Dump dump, List<TableFacts> facts, List<TableFacts> first) {
        List<String> differences = new ArrayList<>();
        for (int i = 0; i < facts.size(); i++) {
            TableFacts table = facts.get(i);
            if (side.equals("FIRN") && table.malformed() > 0) {
                differences.add("FIRN made " + table.malformed() + " rows of malformed lines of " + table.type());
            }
            boolean quarantine = table.type().equals(TableFacts.QUARANTINE);
            long expected = quarantine ? dump.malformed() : dump.rows().get(table.type());
            if (table.count() != expected) {
                differences.add(side + " holds " + table.count() + " rows of " + table.type() + ", not " + expected);
            } else if (!quarantine && !table.rows().equals(first.get(i).rows())) {
                differences.add(side + " holds other values of " + table.type() + " than the first side: "
                        + table.rows() + " against " + first.get(i).rows());
            }
        }
        return differences;
    }

    /** MB of JSON per CPU second of the load, the start of JVM and session taken off. */
    double speed(String side) {
        return dump.bytes() / 1e6 / (costs.get(side).cpuSeconds() - start().cpuSeconds());
    }

    /** The same for the whole process. */
    double speedWithStart(String side) {
        return dump.bytes() / 1e6 / costs.get(side).cpuSeconds();
    }

    private Cost start() {
        return costs.get(Baseline.START.name());
    }

    /** The table of a page: one row per side. */
    String table() {
        StringBuilder out = new StringBuilder("| Side | Seconds | CPU seconds | MB per CPU second | without the start |"
                + " FIRN is faster by | Peak heap MB | after collection | Peak resident MB | Rows | Rows of malformed lines"
                + " | Data MB | Files |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        costs.forEach((side, cost) -> {
            boolean loads = !side.equals(Baseline.START.name());
            Held tables = held.getOrDefault(side, new Held(0, 0, 0, 0));
            out.append(format("| %s | %.1f | %.1f | ", side, cost.seconds(), cost.cpuSeconds()))
                    .append(loads ? format("%.1f | %.1f | ", speedWithStart(side), speed(side)) : "| | ")
                    .append(loads && costs.containsKey("FIRN") ? format("%.1f", speed("FIRN") / speed(side)) : "")
                    .append(format(
                            " | %d | %d | %d | ",
                            megabytes(cost.peakHeap()), megabytes(cost.liveHeap()), megabytes(cost.peakRss())))
                    .append(format(
                            "%d | %d | %.1f | %d |%n",
                            tables.rows(), tables.malformed(), tables.bytes() / 1e6, tables.files()));
        });
        differences.forEach(d -> out.append("\n**Differs:** ").append(d).append('\n'));
        return out.toString();
    }

    private static long megabytes(long bytes) {
        return bytes / 1_000_000;
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
