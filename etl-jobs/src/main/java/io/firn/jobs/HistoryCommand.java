package io.firn.jobs;

import java.util.List;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.Catalogs;
import io.firn.ExitCode;
import io.firn.Project;
import io.firn.Session;
import io.firn.table.ChangeOrigin;
import io.firn.table.SchemaChange;
import io.firn.table.SchemaHistory;
import io.firn.table.TableName;

@Command(
        name = "history",
        description = {
            "Show what became of a table's schema, the latest first: when, by which run, from which source, and what.",
            "Changes that others than Firn made are shown too."
        })
final class HistoryCommand implements Callable<Integer> {
    @ParentCommand
    private Firn firn;

    @Parameters(paramLabel = "TABLE", description = "The table, namespace.table or catalog.namespace.table.")
    private String table;

    /** For {@code --output json}. */
    record History(String table, boolean whole, List<SchemaChange> changes) {}

    @Override
    public Integer call() {
        Project project = firn.shared().project();
        TableName name = project.table(table);
        SchemaHistory history;
        try (Catalogs catalogs = new Catalogs(project, Session.hadoop())) {
            history = Lake.table(catalogs, name).schemaHistory();
        }
        firn.shared()
                .console()
                .result(new History(name.text(), history.whole(), history.changes()), text(name, history));
        return ExitCode.OK.code();
    }

    private static String text(TableName name, SchemaHistory history) {
        TextTable table = new TextTable("changed", "schema", "by", "source", "what");
        for (SchemaChange change : history.changes()) {
            String when = change.when() == null ? null : change.when().toString();
            Integer schema = change.schema();
            String by = by(change);
            String source = change.origin() == null ? null : change.origin().source();
            for (String what : change.changes()) {
                table.row(when, schema, by, source, what);
                when = null;
                schema = null;
                by = null;
                source = null;
            }
        }
        return name + "\n\n" + table.print() + (history.whole() ? "" : "\nEarlier changes are no longer kept.\n");
    }

    private static String by(SchemaChange change) {
        ChangeOrigin origin = change.origin();
        return switch (change.by()) {
            case RUN -> origin.pipeline() + ", run " + origin.run();
            case APPLY -> "firn apply";
            case OTHERS -> "not by Firn";
        };
    }
}
