package io.firn.jobs;

import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.Catalogs;
import io.firn.ExitCode;
import io.firn.LoadedTables;
import io.firn.Session;
import io.firn.TablePlan;
import io.firn.table.Destructive;

@Command(
        name = "apply",
        description = {
            "Make tables what their files under ddl/ say, each in one commit.",
            "firn plan shows it first. Applying again changes nothing."
        })
final class ApplyCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(
            arity = "0..*",
            paramLabel = "TABLE",
            description = "Tables, as namespace.table, or files or folders of ddl/ (default: all).")
    private List<String> which = List.of();

    @Option(
            names = "--allow-destructive",
            description = "Also drop columns and upgrade formats; without it such tables stay as they are.")
    private boolean destructive;

    @Override
    public Integer call() {
        LoadedTables tables =
                LoadedTables.load(firn.shared().folder(), firn.shared().overrides(), which);
        List<TablePlan> done;
        try (Catalogs catalogs = new Catalogs(tables.project(), Session.hadoop())) {
            done = TablePlan.apply(tables, catalogs, destructive ? Destructive.ALLOWED : Destructive.REFUSED);
        }
        firn.shared().console().result(done, TablePlanText.of(done, TablePlanText.Tense.DONE));
        return (done.stream().anyMatch(TablePlan::blocked) ? ExitCode.FAILED : ExitCode.OK).code();
    }
}
