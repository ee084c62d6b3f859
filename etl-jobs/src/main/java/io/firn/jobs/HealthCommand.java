package io.firn.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.Catalogs;
import io.firn.ExitCode;
import io.firn.MaintainedTables;
import io.firn.Project;
import io.firn.Session;
import io.firn.maintain.TableHealth;
import io.firn.table.TableName;

@Command(
        name = "health",
        description = {
            "Show the state of tables' files, from their metadata alone: sizes, deletes, snapshots, columns, order,",
            "what a scan costs, and what firn maintain compact would do about it."
        })
final class HealthCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(
            arity = "0..*",
            paramLabel = "TABLE",
            description = "Tables, namespaces, or pipelines' files (default: all of the project).")
    private List<String> which = new ArrayList<>();

    @Override
    public Integer call() {
        Project project = firn.shared().project();
        List<TableHealth> all = new ArrayList<>();
        try (Catalogs catalogs = new Catalogs(project, Session.hadoop())) {
            for (TableName name : MaintainedTables.of(
                    which,
                    firn.shared().folder(),
                    project,
                    catalogs,
                    firn.shared().overrides())) {
                all.add(TableHealth.of(Lake.table(catalogs, name)));
            }
        }
        firn.shared().console().result(all, all.stream().map(HealthText::of).collect(Collectors.joining("\n")));
        return ExitCode.OK.code();
    }
}
