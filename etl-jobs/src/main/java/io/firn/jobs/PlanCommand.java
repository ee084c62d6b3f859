package io.firn.jobs;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.Callable;

import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.Catalogs;
import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.LoadedPipeline;
import io.firn.LoadedTables;
import io.firn.RegistryPreview;
import io.firn.RunPreview;
import io.firn.RunPreview.TablePreview;
import io.firn.Session;
import io.firn.TablePlan;
import io.firn.TopicPreview;
import io.firn.source.TopicSource;
import io.firn.table.FileSize;

@Command(
        name = "plan",
        description = {
            "Tell what a run would do: files or offsets, tables, columns, what a merge touches.",
            "Without a pipeline: how tables differ from their files under ddl/, which firn apply makes good.",
            "Changes no table."
        })
final class PlanCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(
            arity = "0..*",
            paramLabel = "PIPELINE|TABLE",
            description =
                    "The pipeline's YAML file; or tables, as namespace.table, or files or folders of ddl/ (default: all"
                            + " tables).")
    private List<String> what = List.of();

    @Option(names = "--date", paramLabel = "DAY", description = "The day, 2026-11-20 (default: yesterday, UTC).")
    private LocalDate date;

    @Option(
            names = "--registry",
            description = "Tell what the latest registered schemas of the topics would change in their tables.")
    private boolean registry;

    @Option(names = "--detailed-exitcode", description = "End with 6 when there is something to do, 0 when not.")
    private boolean detailed;

    @Override
    public Integer call() {
        if (what.stream()
                .allMatch(word -> LoadedTables.named(
                        word, firn.shared().folder(), firn.shared().overrides()))) {
            return tables();
        }
        if (what.size() > 1) {
            throw new FirnException(
                    ExitCode.USAGE,
                    "one pipeline is planned at a time, or any tables of ddl/; found " + String.join(", ", what));
        }
        LoadedPipeline pipeline = firn.shared().pipeline(Path.of(what.get(0)));
        if (registry) {
            return registered(pipeline);
        }
        if (pipeline.pipeline().source() instanceof TopicSource) {
            return topics(pipeline);
        }
        LocalDate day = date == null ? RunCommand.defaultDate(pipeline) : date;
        Configuration hadoop = Session.hadoop(pipeline.project());
        RunPreview preview;
        try (Catalogs catalogs = new Catalogs(pipeline.project(), hadoop)) {
            preview = RunPreview.of(pipeline, catalogs, day, hadoop);
        }
        firn.shared().console().result(preview, text(preview));
        if (preview.blocked()) {
            return ExitCode.FAILED.code();
        }
        return (detailed && preview.changes() ? ExitCode.CHANGES : ExitCode.OK).code();
    }

    private int tables() {
        if (date != null) {
            throw new FirnException(ExitCode.USAGE, "--date is for pipelines; name one, or leave --date out");
        }
        if (registry) {
            throw new FirnException(ExitCode.USAGE, "--registry is for pipelines; name one, or leave --registry out");
        }
        LoadedTables tables =
                LoadedTables.load(firn.shared().folder(), firn.shared().overrides(), what);
        List<TablePlan> plans;
        try (Catalogs catalogs = new Catalogs(tables.project(), Session.hadoop())) {
            plans = TablePlan.of(tables, catalogs);
        }
        firn.shared().console().result(plans, TablePlanText.of(plans, TablePlanText.Tense.PLANNED));
        if (plans.stream().anyMatch(TablePlan::blocked)) {
            return ExitCode.FAILED.code();
        }
        boolean changes = plans.stream().anyMatch(TablePlan::changed);
        return (detailed && changes ? ExitCode.CHANGES : ExitCode.OK).code();
    }

    private int registered(LoadedPipeline pipeline) {
        RunCommand.refuse(date != null, "--date", "registries have no days");
        RegistryPreview preview;
        try (Catalogs catalogs = new Catalogs(pipeline.project(), Session.hadoop())) {
            preview = RegistryPreview.of(pipeline, catalogs);
        }
        firn.shared().console().result(preview, RegistryPlanText.of(preview));
        return (detailed && preview.changes() ? ExitCode.CHANGES : ExitCode.OK).code();
    }

    private int topics(LoadedPipeline pipeline) {
        RunCommand.refuse(date != null, "--date", "topics have no days");
        TopicPreview preview;
        try (Lake lake = Lake.open("plan " + pipeline.pipeline().pipeline(), pipeline.project())) {
            preview = TopicPreview.of(pipeline, lake.spark(), lake.catalogs());
        }
        firn.shared().console().result(preview, TopicPlanText.of(preview));
        if (preview.blocked()) {
            return ExitCode.FAILED.code();
        }
        return (detailed && preview.changes() ? ExitCode.CHANGES : ExitCode.OK).code();
    }

    private static String text(RunPreview preview) {
        StringBuilder out = new StringBuilder("%s  %s  %,d of %,d files to read (%s)%n%n"
                .formatted(
                        preview.pipeline(),
                        preview.date(),
                        preview.toRead(),
                        preview.files(),
                        FileSize.text(preview.bytes())));
        TextTable table = new TextTable("event", "table", "action", "files", "partitioned by");
        for (TablePreview t : preview.tables()) {
            table.row(t.event(), t.table(), action(t), t.files(), String.join(", ", t.partitionBy()));
        }
        out.append(table.print());
        for (TablePreview t : preview.tables()) {
            details(t, out);
        }
        if (preview.files() == 0) {
            out.append("\n! no files of this day; a run would end with 4\n");
        }
        return out.toString();
    }

    private static String action(TablePreview table) {
        if (table.error() != null
                || !table.conflicts().isEmpty()
                || !table.changed().isEmpty()) {
            return "blocked";
        }
        if (table.create()) {
            return "create";
        }
        if (!table.addedColumns().isEmpty()
                || !table.widenedColumns().isEmpty()
                || !table.relaxedColumns().isEmpty()
                || !table.properties().isEmpty()) {
            return "change";
        }
        return table.files() > 0 ? "load" : "nothing";
    }

    private static void details(TablePreview table, StringBuilder out) {
        if (!table.addedColumns().isEmpty()) {
            out.append("\n%s %s%n".formatted(table.table(), table.create() ? "(new)" : "gains columns"));
            table.addedColumns()
                    .forEach(column -> out.append("  + ").append(column).append('\n'));
        }
        if (!table.evolvedColumns().isEmpty()) {
            out.append("%n%s has columns that runs added, and the YAML does not list:%n".formatted(table.table()));
            table.evolvedColumns()
                    .forEach(column -> out.append("  - ").append(column).append('\n'));
        }
        table.widenedColumns().forEach(change -> out.append("%n%s: %s%n".formatted(table.table(), change)));
        table.relaxedColumns().forEach(column -> out.append("%n%s: %s may be null%n".formatted(table.table(), column)));
        if (!table.create()) {
            table.properties()
                    .forEach((key, value) -> out.append("%n%s: set %s = %s%n".formatted(table.table(), key, value)));
        }
        table.conflicts().forEach(conflict -> problem(table, conflict, out));
        table.changed().forEach(path -> problem(table, path + " changed since it was loaded; run with --replace", out));
        if (table.error() != null) {
            problem(table, table.error(), out);
        }
    }

    private static void problem(TablePreview table, String text, StringBuilder out) {
        out.append("\n! ").append(table.table()).append(": ").append(text).append('\n');
    }
}
