package io.firn.jobs;

import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;

import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import io.firn.MaintainedTables;
import io.firn.Maintenance;
import io.firn.Maintenance.Action;
import io.firn.Maintenance.Looks;
import io.firn.MaintenancePage;
import io.firn.Project;
import io.firn.maintain.Verb;
import io.firn.maintain.Verb.Execution;
import io.firn.table.LakeCatalog;
import io.firn.table.TableName;

/** What all verbs of {@code firn maintain} have in common. */
final class Upkeep {
    /** Of so many tables even what was not necessary is told. */
    private static final int FEW = 3;

    @Parameters(
            arity = "0..*",
            paramLabel = "TABLE",
            description =
                    "Tables, namespaces, or pipelines' files, whose tables are meant (default: all that YAML names).")
    private List<String> which = List.of();

    @Option(names = "--dry-run", description = "Change nothing; tell what would be done, and why.")
    private boolean dryRun;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write a page for a browser: the tables' health before and after, and what was done.")
    private Path report;

    int run(Shared shared, String verb, BiFunction<LakeCatalog, List<Maintenance.Table>, List<Verb>> verbs) {
        Project project = shared.project();
        Console console = shared.console();
        Maintenance done;
        try (Lake lake = Lake.open("maintain " + verb, project)) {
            List<TableName> tables =
                    MaintainedTables.of(which, shared.folder(), project, lake.catalogs(), shared.overrides());
            done = Maintenance.run(
                    lake.spark(),
                    lake.catalogs(),
                    tables,
                    verbs,
                    dryRun ? Execution.DRY_RUN : Execution.DO,
                    report == null ? Looks.NONE : Looks.BEFORE_AND_AFTER,
                    new Told(console, tables.size()));
        }
        console.progress("");
        if (report != null) {
            ReportFile.write(report, MaintenancePage.of(done));
            console.note("the report is in " + report);
        }
        console.result(done, text(done));
        return done.exit().code();
    }

    /** Tells on the terminal what is being done. */
    private static final class Told implements Maintenance.Listener {
        private final Console console;
        private final int tables;
        private TableName last;
        private int number;

        private Told(Console console, int tables) {
            this.console = console;
            this.tables = tables;
        }

        @Override
        public void begins(TableName table, Verb verb) {
            if (!table.equals(last)) {
                last = table;
                number++;
            }
            console.progress("%d/%d %s: %s".formatted(number, tables, table, verb.name()));
        }
    }

    private static String text(Maintenance done) {
        StringBuilder out = new StringBuilder();
        boolean few = done.tables().size() <= FEW;
        for (Maintenance.Table table : done.tables()) {
            List<Action> shown = table.actions().stream()
                    .filter(action -> few || !action.isNothing())
                    .toList();
            out.append(table.table())
                    .append(shown.isEmpty() ? ": nothing to do" : "")
                    .append('\n');
            shown.forEach(action -> action(action, out));
        }
        return out.toString();
    }

    private static void action(Action action, StringBuilder out) {
        String what = action.failure() != null
                ? "failed: " + action.failure()
                : (action.needsAttention() ? "refused: " : "") + action.result().summary();
        out.append("  %-18s %6.1f s  %s%n".formatted(action.verb(), action.seconds(), what));
        if (action.result() != null) {
            action.result()
                    .details()
                    .forEach(line -> out.append("    ").append(line).append('\n'));
        }
    }
}
