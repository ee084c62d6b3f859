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
import io.firn.table.SourceFile;

/** Makes a pipeline's lost ledger anew from the source and the table's {@code firn_file} column. */
public final class LedgerRebuild {
    private LedgerRebuild() {}

    /** The new ledger's totals. Files of which no row is in the table are taken as not loaded. */
    public static Ledger.Totals run(SparkSession spark, LakeTable table, LoadedPipeline pipeline) {
        JsonDump source = (JsonDump) pipeline.pipeline().source();
        Map<String, Long> rows = TableCheck.rowsByFile(spark, table);
        Set<LocalDate> days = rows.keySet().stream()
                .flatMap(file -> source.dayOf(file).stream())
                .collect(Collectors.toSet());
        Map<LocalDate, List<SourceFile>> files = new HashMap<>();
        days.forEach(day -> files.put(day, source.list(day, spark.sparkContext().hadoopConfiguration())));
        return table.rebuildLedger(pipeline.pipeline().pipeline(), files, rows).totals();
    }
}
