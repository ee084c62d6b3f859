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
    private static final int BETWEEN_COMPACTIONS = 50;
    private static final int COMPARED = 5;

    private MergeLeak() {}

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
        double early = median(seconds, BETWEEN_COMPACTIONS);
        double late = median(seconds, merges);
        Files.writeString(
                Path.of(arguments[3]),
                String.format(
                        Locale.ROOT,
                        "%s: %d merges in one session under 512 MB of direct memory; up to the %dth %.2f s, up to the %dth"
                                + " %.2f s (medians of %d): %.2f times.",
                        side,
                        merges,
                        BETWEEN_COMPACTIONS,
                        early,
                        merges,
                        late,
                        COMPARED,
                        late / early));
        session.spark().stop();
    }

    private static double median(List<Double> seconds, int last) {
        List<Double> some = seconds.subList(Math.max(0, last - COMPARED), last).stream()
                .sorted()
                .toList();
        return some.get(some.size() / 2);
    }
}
