package io.firn;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.spark.sql.SparkSession;

import io.firn.source.JsonDump;
import io.firn.table.LakeTable;
import io.firn.table.Ledger;
import io.firn.table.LedgerLost;
import io.firn.table.RollbackDetected;
import io.firn.table.SourceFile;

/** Makes a pipeline's lost ledger anew from the source and the table's {@code firn_file} column. */
public final class LedgerRebuild {
    private LedgerRebuild() {}

    /**
     * The new ledger's totals. Files of which no row is in the table are taken as not loaded. Throws FirnException when
     * the ledger is sound, and TableException when the table changes meanwhile.
     */
    public static Ledger.Totals run(SparkSession spark, LakeTable table, LoadedPipeline pipeline) {
        JsonDump source = (JsonDump) pipeline.pipeline().source();
        String name = pipeline.pipeline().pipeline();
        refuseSound(table, name);
        Long head = table.snapshot();
        Map<String, Long> rows = head == null
                ? Map.of()
                : TableCheck.rowsByFile(spark, table.name().quoted() + " VERSION AS OF " + head);
        Set<LocalDate> days = rows.keySet().stream()
                .flatMap(file -> source.dayOf(file).stream())
                .collect(Collectors.toSet());
        Map<LocalDate, List<SourceFile>> files = new HashMap<>();
        days.forEach(day -> files.put(day, source.list(day, spark.sparkContext().hadoopConfiguration())));
        return table.rebuildLedger(name, files, rows, head).totals();
    }

    /** A sound ledger knows more than its rows tell: files that gave none, and what their content was. */
    private static void refuseSound(LakeTable table, String pipeline) {
        try {
            Ledger ledger = table.ledger(pipeline);
            ledger.days().forEach(ledger::day);
            if (ledger.totals().files() == 0) {
                return;
            }
        } catch (LedgerLost | RollbackDetected e) {
            return;
        }
        throw new FirnException(
                ExitCode.USAGE,
                "the ledger of pipeline " + pipeline + " for table " + table.name()
                        + " is sound: there is nothing to rebuild");
    }
}
