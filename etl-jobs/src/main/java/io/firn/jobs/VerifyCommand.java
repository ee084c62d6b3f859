package io.firn.jobs;

import java.nio.file.Path;
import java.util.concurrent.Callable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.ExitCode;
import io.firn.LedgerRebuild;
import io.firn.LoadedPipeline;
import io.firn.TableCheck;
import io.firn.table.LakeTable;
import io.firn.table.Ledger;
import io.firn.table.TableName;

@Command(
        name = "verify",
        description = {
            "Hold a table against its ledgers.",
            "Every key must stand once, and every source file have as many rows as were loaded.",
            "Ends with 1 when something is not as it should be."
        })
final class VerifyCommand implements Callable<Integer> {
    private static final int MOST_DIFFERENCES = 20;

    @ParentCommand
    private Firn firn;

    @Parameters(paramLabel = "TABLE", description = "The table, catalog.namespace.table.")
    private TableName name;

    @Option(
            names = "--rebuild-ledger",
            paramLabel = "PIPELINE",
            description =
                    "Make this pipeline's lost ledger anew, from its source and the table's rows, before the check.")
    private Path rebuild;

    @Override
    public Integer call() {
        Console console = firn.shared().console();
        LoadedPipeline pipeline = rebuild == null
                ? null
                : firn.shared().dumps(rebuild, "their tables have positions and no ledger; firn reset sets a position");
        TableCheck check;
        try (Lake lake = Lake.open("verify", pipeline == null ? firn.shared().project() : pipeline.project())) {
            LakeTable table = lake.table(name);
            if (pipeline != null) {
                Ledger.Totals totals = LedgerRebuild.run(lake.spark(), table, pipeline);
                console.note("ledger of %s made anew: %,d days, %,d files, %,d rows"
                        .formatted(pipeline.pipeline().pipeline(), totals.days(), totals.files(), totals.rows()));
            }
            check = TableCheck.of(lake.spark(), table);
        }
        console.result(check, text(check));
        return (check.sound() ? ExitCode.OK : ExitCode.FAILED).code();
    }

    private static String text(TableCheck check) {
        StringBuilder out = new StringBuilder(
                "%s: %,d rows, %,d files in the ledger%n".formatted(check.table(), check.rows(), check.files()));
        out.append("key (%s): %s%n"
                .formatted(
                        String.join(", ", check.key()),
                        check.duplicateKeys() == 0
                                ? "unique"
                                : "%,d keys stand more than once".formatted(check.duplicateKeys())));
        if (!check.compared()) {
            return out.append("rows per file: not held against the ledger; rows leave the quarantine when replayed")
                    .toString();
        }
        if (check.differences().isEmpty()) {
            return out.append("rows per file: as the ledger says").toString();
        }
        out.append("rows per file: %,d files differ%s%n%n"
                .formatted(
                        check.differences().size(),
                        check.removed() == 0 ? "" : "; %,d rows were erased or expired".formatted(check.removed())));
        TextTable table = new TextTable("file", "ledger", "rows");
        check.differences().stream().limit(MOST_DIFFERENCES).forEach(d -> table.row(d.file(), d.ledger(), d.rows()));
        return out.append(table.print()).toString();
    }
}
