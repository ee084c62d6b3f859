package io.firn;

import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firn.DumpEvolution.Settled;
import io.firn.load.LoadJob;
import io.firn.load.LoadPlan;
import io.firn.load.Staged;
import io.firn.source.Bundle;
import io.firn.source.JsonDump;
import io.firn.table.LakeTable;
import io.firn.table.MergeSessions;
import io.firn.table.SourceFile;

/**
 * The main flow: load position, read, transform, stage, write, audit, publish, report. A run may be killed anywhere and
 * run again, or twice at once: the tables come out the same.
 */
public final class PipelineRun {
    static final Logger LOG = LoggerFactory.getLogger(PipelineRun.class);
    private static final int ROUNDS = 5;

    private final LoadedPipeline pipeline;
    private final SparkSession spark;
    private final Catalogs catalogs;
    private final RunListener listener;
    private final JsonDump source;
    private final LoadPlans plans;
    private final MergeSessions sessions;
    private final DumpEvolution evolution;
    private final StagingPlace staging;

    /** Throws FirnException when an expression of the pipeline is one that Spark refuses. */
    public PipelineRun(LoadedPipeline pipeline, SparkSession spark, Catalogs catalogs, RunListener listener) {
        this.pipeline = pipeline;
        this.spark = spark;
        this.catalogs = catalogs;
        this.listener = listener;
        this.source = (JsonDump) pipeline.pipeline().source();
        this.plans = new LoadPlans(pipeline, spark);
        this.sessions = new MergeSessions(spark);
        this.evolution = new DumpEvolution(pipeline, spark, catalogs, plans);
        this.staging = new StagingPlace(pipeline, hadoop());
    }

    /**
     * Loads a day. What the tables hold already is not loaded again, whatever happened to earlier runs.
     *
     * @param replace whether files that changed since they were loaded take their own place; otherwise they stop the run
     */
    public RunResult run(LocalDate date, boolean replace) {
        String runId = UUID.randomUUID().toString();
        Instant started = Instant.now().truncatedTo(ChronoUnit.MICROS);
        List<SourceFile> listed = source.list(date, hadoop());
        if (listed.isEmpty()) {
            throw new FirnException(
                    ExitCode.SOURCE_NOT_READY,
                    "no files at " + source.path(date) + " yet; run again when the day is there, or mend source.path");
        }
        staging.deleteLeftovers();
        RunReport report = new RunReport(pipeline, date.toString(), runId, started, listed);
        for (int round = 1; round <= ROUNDS; round++) {
            List<EventTable> tables = loadPositions(runId);
            report.opened(tables);
            DayPlan day = DayPlan.of(date, listed, tables, replace);
            if (!replace) {
                day.refuseChanged();
            }
            if (day.toRead().isEmpty()) {
                return finish(report);
            }
            LakeTable quarantine = QuarantineTable.open(catalogs, pipeline.quarantine(), pipeline.origin(runId));
            Publishing publishing = new Publishing(pipeline, spark, sessions, runId, day, quarantine);
            LoadPlan plan = plans.of(day, tables, quarantine, runId, started);
            try {
                if (round(day, plan, tables, publishing, report)) {
                    return finish(report);
                }
            } finally {
                staging.delete(plan.aside());
            }
        }
        report.problem(ExitCode.CONFLICT, "other runs kept loading the same files; run again when they are done");
        return finish(report);
    }

    /** From bytes to tables that readers see; false: others were faster with a part of it, so it has to be planned anew. */
    private boolean round(
            DayPlan day, LoadPlan plan, List<EventTable> tables, Publishing publishing, RunReport report) {
        Staged staged = stage(day, plan);
        List<String> unfinished = day.changedSince(source.list(day.date(), hadoop()));
        if (!unfinished.isEmpty()) {
            publishing.discard(tables, staged);
            throw new FirnException(
                    ExitCode.SOURCE_NOT_READY,
                    "still being written or renamed, so nothing was loaded: " + String.join(", ", unfinished)
                            + "; run again when they are whole");
        }
        Settled settled = evolution.settle(plan, tables, staged, publishing);
        report.evolved(settled.evolved());
        return !settled.overtaken() && publishing.all(settled.tables(), settled.staged(), report, listener);
    }

    /** Where each table stands: it is made to fit the YAML first, so that a misfit costs no reading. */
    private List<EventTable> loadPositions(String runId) {
        return Parallel.map(
                pipeline.events(),
                event -> plans.grown(EventTable.open(event, catalogs, pipeline.origin(runId, event))));
    }

    /** Reads each byte once and writes the rows to files that no snapshot names yet; transforms on the way. */
    private Staged stage(DayPlan day, LoadPlan plan) {
        List<SourceFile> files = day.toRead();
        int cores = spark.sparkContext().defaultParallelism();
        List<Bundle> bundles = source.bundles(files, cores, hadoop());
        long bytes = files.stream().mapToLong(SourceFile::size).sum();
        return LoadJob.run(spark, plan, bundles, read -> listener.reading(Math.min(read, bytes), bytes));
    }

    private RunResult finish(RunReport report) {
        RunResult result = report.result();
        RunResults.save(result, hadoop());
        return result;
    }

    private Configuration hadoop() {
        return spark.sparkContext().hadoopConfiguration();
    }
}
