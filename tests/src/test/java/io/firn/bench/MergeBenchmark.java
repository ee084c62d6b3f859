package io.firn.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

import io.firn.bench.MergeSide.Took;
import io.firn.table.LakeTable;
import io.firn.table.MergeSessions;
import io.firn.table.StagedChanges;

/** Merges the same batches into equal tables by each way in turn. */
public final class MergeBenchmark {
    private static final int CHANGES = 20_000;

    /** Above, copy-on-write takes minutes for each merge. */
    private static final long MOST_ROWS_TO_COPY = 20_000_000;

    private final Path work;
    private final SparkSession spark;
    private final MergeTables tables;
    private final MergeSessions sessions;

    private MergeBenchmark(Path work) throws IOException {
        this.work = work;
        MergeSession session = MergeSession.open(work);
        this.spark = session.spark();
        this.tables = session.tables();
        this.sessions = session.sessions();
    }

    /** Arguments: a folder to work in, numbers of rows joined by +, rounds, the file for the results, and the sides. */
    public static void main(String[] arguments) throws IOException {
        MergeBenchmark benchmark = new MergeBenchmark(Path.of(arguments[0]));
        List<MergeSide> sides = new ArrayList<>();
        for (int i = 4; i < arguments.length; i++) {
            sides.add(MergeSide.valueOf(arguments[i]));
        }
        List<Long> sizes =
                Arrays.stream(arguments[1].split("\\+")).map(Long::valueOf).toList();
        List<MergeLine> lines = benchmark.run(sizes, Integer.parseInt(arguments[2]), sides);
        Files.write(Path.of(arguments[3]), lines.stream().map(MergeLine::text).toList());
        benchmark.spark.stop();
    }

    /** All sizes in turn too: how a merge grows is seen on the same machine in the same minute. */
    private List<MergeLine> run(List<Long> sizes, int rounds, List<MergeSide> sides) {
        List<MergeLine> lines = new ArrayList<>();
        sizes.forEach(rows -> tables.write(base(rows), rows));
        for (MergeBatches.Keys keys : MergeBatches.Keys.COMPARED) {
            List<Size> each =
                    sizes.stream().map(rows -> new Size(rows, keys, sides)).toList();
            for (int round = 0; round <= rounds; round++) {
                for (Size size : each) {
                    size.merge(round);
                }
            }
            each.forEach(size -> lines.addAll(size.close()));
        }
        return lines;
    }

    private static String base(long rows) {
        return "base_" + rows;
    }

    /** Equal tables of so many rows, one for each side. */
    private final class Size {
        private final long rows;
        private final MergeBatches.Keys keys;
        private final MergeBatches batches;
        private final Map<MergeSide, LakeTable> targets = new LinkedHashMap<>();
        private final Map<MergeSide, List<Took>> took = new LinkedHashMap<>();

        private Size(long rows, MergeBatches.Keys keys, List<MergeSide> sides) {
            this.rows = rows;
            this.keys = keys;
            this.batches = new MergeBatches(spark, work.resolve("staged-" + rows + "-" + keys), rows);
            for (MergeSide side : sides) {
                if (rows <= MOST_ROWS_TO_COPY || side != MergeSide.PLAIN_COPY_ON_WRITE) {
                    String name = (side + "_" + keys + "_" + rows).toLowerCase(Locale.ROOT);
                    targets.put(side, tables.copy(base(rows), name, side.mode, side.formatVersion));
                }
            }
        }

        /** A batch by each side; the first round is not counted. */
        private void merge(int round) {
            StagedChanges staged = batches.stage(keys, CHANGES);
            List<MergeSide> turn = new ArrayList<>(targets.keySet());
            Collections.rotate(turn, round);
            for (MergeSide side : turn) {
                settle();
                Took one = side.run(spark, sessions, tables, targets.get(side), staged);
                System.out.printf(
                        "%d rows, %s, round %d: %-24s %6.2f s, write %6.2f s, audit %5.2f s, cpu %6.2f s, read %5d MB, written %5d MB, %d files %s%n",
                        rows,
                        keys,
                        round,
                        side,
                        one.seconds(),
                        one.write(),
                        one.merged() == null ? 0 : one.merged().auditSeconds(),
                        one.cpu(),
                        one.read() / 1_000_000,
                        one.written() / 1_000_000,
                        one.files(),
                        one.merged() == null ? "" : one.merged());
                if (round > 0) {
                    took.computeIfAbsent(side, key -> new ArrayList<>()).add(one);
                }
            }
        }

        /** What the side before wrote is not this one's to wait for. */
        private static void settle() {
            try {
                int unused = new ProcessBuilder("sync").start().waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            System.gc();
        }

        /** Holds the tables against each other and drops them; a line for each side. */
        private List<MergeLine> close() {
            Row first = null;
            for (LakeTable table : targets.values()) {
                Row sum = spark.sql(
                                "SELECT count(*), sum(id), sum(CAST(xxhash64(id, status, firn_position) AS decimal(38, 0))) FROM "
                                        + table.name().quoted())
                        .first();
                first = first == null ? sum : first;
                if (!first.equals(sum)) {
                    throw new IllegalStateException("table " + table.name() + " holds " + sum + ", not " + first);
                }
            }
            System.out.println("all sides hold " + first);
            targets.values().forEach(table -> tables.drop(table.name().name()));
            return targets.keySet().stream()
                    .map(side -> MergeLine.median(rows, keys, side, took.get(side)))
                    .toList();
        }
    }
}
