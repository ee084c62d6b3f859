package io.firn.jobs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.Erasure;
import io.firn.Erasure.Refs;
import io.firn.Erasure.Request;
import io.firn.ErasureReport;
import io.firn.ErasureResult;
import io.firn.Project;
import io.firn.maintain.Verb.Execution;
import io.firn.table.TableName;

@Command(
        name = "erase",
        description = {
            "Erase a subject's rows: from the table, what was refused of it, and its raw table; from their files, bounds"
                    + " and history.",
            "Every file that is left is then read for proof. Snapshots older than the last one go."
        })
final class EraseCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(paramLabel = "TABLE", description = "The table, namespace.table or catalog.namespace.table.")
    private String table;

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            required = true,
            description = "Which rows, in SQL over the table's columns, such as \"user_id = 42\".")
    private String where;

    @Option(
            names = "--pipeline",
            paramLabel = "FILE",
            description = "A pipeline that feeds the table and lies outside the project's folder; may be repeated.")
    private List<Path> pipelines = new ArrayList<>();

    @Option(names = "--drop-refs", description = "Drop tags and branches that still show the rows.")
    private boolean dropRefs;

    @Option(names = "--dry-run", description = "Show where the rows are, and change nothing.")
    private boolean dryRun;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write a report, .html or .json; it holds no values of the condition.")
    private Path report;

    @Override
    public Integer call() {
        Project project = firn.shared().project();
        TableName name = project.table(table);
        ErasureResult result;
        try (Lake lake = Lake.open("erase " + name, project)) {
            Request request = new Request(
                    lake.table(name),
                    where,
                    firn.shared().folder(),
                    pipelines.stream().map(firn.shared().folder()::resolve).toList(),
                    firn.shared().overrides(),
                    dropRefs ? Refs.DROP : Refs.REFUSE,
                    dryRun ? Execution.DRY_RUN : Execution.DO,
                    Erasure.PATIENCE);
            result = new Erasure(lake.spark(), lake.catalogs(), request).run();
        }
        if (report != null) {
            boolean json = report.toString().toLowerCase(Locale.ROOT).endsWith(".json");
            ReportFile.write(report, json ? ErasureReport.json(result) : ErasureReport.html(result));
        }
        firn.shared().console().result(result, text(result));
        return result.exit().code();
    }

    private static String text(ErasureResult result) {
        StringBuilder out = new StringBuilder("%s: %s; condition over %s, sha256 %s%n%n"
                .formatted(
                        result.table(),
                        ErasureReport.outcome(result),
                        String.join(", ", result.columns()),
                        result.sha256()));
        TextTable table = new TextTable(ErasureReport.HEAD.toArray(String[]::new));
        result.tables().forEach(part -> table.row(ErasureReport.row(part).toArray()));
        out.append(table.print());
        result.pending().forEach(line -> out.append("%npending: ".formatted()).append(line));
        return out.toString();
    }
}
