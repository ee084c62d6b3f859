package io.firn;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

import io.firn.ErasurePlaces.Place;
import io.firn.ErasureResult.Outcome;
import io.firn.ErasureResult.Part;
import io.firn.config.Overrides;
import io.firn.maintain.ErasureFigures.Erased;
import io.firn.maintain.ErasureFigures.Found;
import io.firn.maintain.ErasureFigures.Proof;
import io.firn.maintain.Verb.Execution;
import io.firn.table.DayTag;
import io.firn.table.LakeTable;

/**
 * Takes a subject's rows out of a table, of what its pipelines refused and of their raw tables: out of files, bounds and
 * history. Killed anywhere and run again, it comes to the same.
 */
public final class Erasure {
    /** How long an erasure waits for runs that are publishing, unless told otherwise. */
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int ROUNDS = 3;

    private final SparkSession spark;
    private final Catalogs catalogs;
    private final Request request;

    /** What happens to tags and branches that still show the rows; tags of days go in any case. */
    public enum Refs {
        REFUSE,
        DROP
    }

    /**
     * What is asked for.
     *
     * @param where the condition, SQL over the table's columns
     * @param project the folder below which pipelines are looked for
     * @param pipelines files of pipelines besides
     * @param patience how long to wait for runs that are publishing
     */
    public record Request(
            LakeTable table,
            String where,
            Path project,
            List<Path> pipelines,
            Overrides overrides,
            Refs refs,
            Execution execution,
            Duration patience) {}

    public Erasure(SparkSession spark, Catalogs catalogs, Request request) {
        this.spark = spark;
        this.catalogs = catalogs;
        this.request = request;
    }

    /**
     * Throws FirnException when nothing was changed: the condition is none, a pipeline's YAML is missing, a tag or branch
     * shows the rows, a run is publishing. Other exceptions may come after a part was done.
     */
    public ErasureResult run() {
        Instant started = Instant.now();
        LakeTable table = request.table();
        ErasurePredicate what = ErasurePredicate.of(spark, table, request.where());
        FeedingPipelines pipelines =
                FeedingPipelines.of(table, request.project(), request.pipelines(), request.overrides());
        List<Place> places;
        List<Found> found;
        try {
            refuseAll(what);
            places = new ErasurePlaces(spark, catalogs, request, what, pipelines).all();
            places.forEach(Erasure::awaitRuns);
            found = places.stream().map(place -> place.erasure().find()).toList();
        } catch (Exception e) {
            throw what.failure(e);
        }
        refuseRefs(places, found);
        List<Part> parts = new ArrayList<>();
        Outcome outcome = request.execution() == Execution.DRY_RUN ? Outcome.PLANNED : Outcome.ERASED;
        for (int i = 0; i < places.size(); i++) {
            Part part = part(places.get(i), found.get(i));
            parts.add(part);
            if (part.proof() != null && !part.proof().holds()) {
                outcome = Outcome.NOT_PROVEN;
            }
        }
        List<String> pending = new ErasurePending(pipelines.feeding(), configuration()).of(places);
        return new ErasureResult(
                table.name().text(), what.sha256(), what.names(), outcome, started, Instant.now(), parts, pending);
    }

    private Configuration configuration() {
        return spark.sparkContext().hadoopConfiguration();
    }

    private Part part(Place place, Found found) {
        String name = place.table().name().text();
        if (request.execution() == Execution.DRY_RUN) {
            return new Part(name, place.role(), found, List.of(), null, null);
        }
        place.erasure().drop(found.refs());
        Erased erased = place.erasure().erase();
        Proof proof = place.erasure().prove();
        for (int round = 1; round < ROUNDS && !proof.holds(); round++) {
            // A run published rows of the subject, or gave up its branch, meanwhile.
            Set<String> running = place.erasure().awaitRuns();
            PipelineRun.LOG.info("firn erase {}: again, runs publishing: {}", name, running.size());
            erased = erased.plus(place.erasure().erase());
            proof = place.erasure().prove();
        }
        return new Part(name, place.role(), found, found.refs(), erased, proof);
    }

    private void refuseAll(ErasurePredicate what) {
        String table = request.table().name().quoted();
        boolean others = !spark.table(table)
                .where(org.apache.spark.sql.functions.not(org.apache.spark.sql.functions.coalesce(
                        what.rows(), org.apache.spark.sql.functions.lit(false))))
                .isEmpty();
        if (!others && !spark.table(table).isEmpty()) {
            throw ErasurePredicate.usage("it means every row of the table; to empty a table, drop it or run DELETE");
        }
    }

    private static void awaitRuns(Place place) {
        Set<String> running = place.erasure().awaitRuns();
        if (!running.isEmpty()) {
            throw new FirnException(
                    ExitCode.FAILED,
                    "a run is publishing to " + place.table().name() + " (branch " + String.join(", ", running)
                            + "); nothing was erased, run again when it has ended. A run that died leaves its branch for"
                            + " an hour");
        }
    }

    private void refuseRefs(List<Place> places, List<Found> found) {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            String name = places.get(i).table().name().text();
            found.get(i).refs().stream().filter(ref -> !DayTag.is(ref)).forEach(ref -> shown.add(ref + " of " + name));
        }
        if (!shown.isEmpty() && request.refs() == Refs.REFUSE) {
            throw new FirnException(
                    ExitCode.FAILED,
                    "tags or branches still show such rows, or remember their files: " + String.join(", ", shown)
                            + ". Nothing was erased; drop them, or give --drop-refs");
        }
    }
}
