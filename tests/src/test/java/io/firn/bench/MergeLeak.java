package io.firn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.firn.bench.MergeBatches.Keys;
import io.firn.table.LakeTable;

/**
 * Merges again and again in one session. Files are compacted after every fiftieth merge, as any table of changes needs it,
 * and not counted: the merges compared meet equally many files.
 */
public final class MergeLeak {
    private static final long ROWS = 1_000_000;
    static final int EARLY = 50;
    private static final int BETWEEN_COMPACTIONS = EARLY;
    private static final int COMPARED = 5;

    private MergeLeak() {}

    /** Medians of a few merges, up to the {@link #EARLY}th and up to the last. */
    record Result(MergeSide side, int merges, double early, double late) {
        double growth() {
            return late / early;
        }

        static Result parse(String line) {
            String[] parts = line.split(",");
            return new Result(
                    MergeSide.valueOf(parts[0]),
                    Integer.parseInt(parts[1]),
                    Double.parseDouble(parts[2]),
                    Double.parseDouble(parts[3]));
        }

        String line() {
            return String.format(Locale.ROOT, "%s,%d,%.3f,%.3f", side, merges, early, late);
        }

        String text() {
            return String.format(
                    Locale.ROOT,
                    "%s: %d merges of 20,000 changes into 1,000,000 rows under 512 MB of direct memory; up to the %dth %.2f s,"
                            + " up to the last %.2f s (medians of %d): %.2f times.",
                    side,
                    merges,
                    EARLY,
                    early,
                    late,
                    COMPARED,
                    growth());
        }
    }

    /** Arguments: a folder to work in, merges, the side, the file for the result. */
    public static void main(String[] arguments) throws IOException {
        MergeSession session = MergeSession.open(Path.of(arguments[0]));
        MergeSide side = MergeSide.valueOf(arguments[2]);
        int merges = Integer.parseInt(arguments[1]);
        session.tables().write("base", ROWS);
        LakeTable table = session.tables().copy("base", "target", side.mode, side.formatVersion);
        MergeBatches batches = new MergeBatches(session.spark(), Path.of(arguments[0], "staged"), ROWS);
        List<Double> seconds = new ArrayList<>();
        for (int merge = 1; merge <= merges; merge++) {
            seconds.add(side.run(
                            session.spark(),
                            session.sessions(),
                            session.tables(),
                            table,
                            batches.stage(Keys.UNIFORM, 20_000))
                    .write());
            if (merge % BETWEEN_COMPACTIONS == 0) {
                System.out.printf("%s merge %d: %.2f s%n", side, merge, median(seconds, merge));
                session.spark()
                        .sql("CALL lake.system.rewrite_data_files(table => 'bench.target',"
                                + " options => map('rewrite-all', 'true'))");
            }
        }
        Result result = new Result(side, merges, median(seconds, EARLY), median(seconds, merges));
        Files.writeString(Path.of(arguments[3]), result.line());
        session.spark().stop();
    }

    private static double median(List<Double> seconds, int last) {
        List<Double> some = seconds.subList(Math.max(0, last - COMPARED), last).stream()
                .sorted()
                .toList();
        return some.get(some.size() / 2);
    }
}
