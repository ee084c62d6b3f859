package io.firn.jobs;

import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.Catalogs;
import io.firn.Session;
import io.firn.table.LakeTable;
import io.firn.table.TableName;
import io.firn.table.TableVersion;

@Command(
        name = "rollback",
        description = {
            "Take a table's data and ledger back to an earlier snapshot together.",
            "The next run then loads again what was taken back. Without --to: show the snapshots."
        })
final class RollbackCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(paramLabel = "TABLE", description = "The table, catalog.namespace.table.")
    private TableName name;

    @Option(
            names = "--to",
            paramLabel = "SNAPSHOT|TAG",
            description = "The snapshot to go back to, or the tag of a day, d2026_11_20.")
    private String to;

    @Override
    public Integer call() {
        Console console = firn.shared().console();
        try (Catalogs catalogs = new Catalogs(firn.shared().project(), Session.hadoop())) {
            LakeTable table = Lake.table(catalogs, name);
            if (to == null) {
                List<TableVersion> versions = table.versions();
                console.result(versions, text(versions));
                return 0;
            }
            long snapshot = to.matches("\\d{1,19}") ? Long.parseLong(to) : table.tagged(to);
            long now = table.rollback(snapshot);
            console.result(
                    new RolledBack(name.text(), snapshot, now),
                    "%s holds what snapshot %d held; its snapshot is now %d".formatted(name, snapshot, now));
            return 0;
        }
    }

    /** What was done, for {@code --output json}. */
    record RolledBack(String table, long to, long snapshot) {}

    private static String text(List<TableVersion> versions) {
        TextTable table = new TextTable("snapshot", "committed", "operation", "rows", "added", "run");
        for (TableVersion version : versions) {
            table.row(
                    Long.toString(version.snapshot()),
                    version.committed().toString(),
                    version.operation(),
                    version.rows(),
                    version.added(),
                    version.run());
        }
        return table.print();
    }
}
