package io.firn.it;

import static io.firn.it.EvolvingDumpTest.sale;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;

/** Two runs in one JVM give the same table columns at once: no column is lost or doubled, no value lost. */
@ExtendWith(SparkExtension.class)
class EvolvingAtOnceTest {
    private static final String YAML =
            """
            pipeline: shop
            source: {type: json-dump, path: "raw/{date}/", event-name: type, event-time: at}
            defaults: {max-quarantined: 1.0, unknown-columns: evolve}
            events:
              sale:
                columns:
                  - {name: id, type: long, required: true}
                  - {name: at, type: timestamptz}
                  - {name: place, type: "struct<lat: double>"}
            """;

    @TempDir
    private Path home;

    @Test
    void aFewTimes(SparkSession spark) throws Exception {
        race(spark, 4);
    }

    @Test
    @Tag("long")
    void fiftyTimes(SparkSession spark) throws Exception {
        race(spark, 50);
    }

    private void race(SparkSession spark, int times) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int time = 0; time < times; time++) {
                Path folder = home.resolve("race-" + time);
                // The same day twice, and two days whose fields have the same names in part,
                boolean same = time % 2 == 0;
                try (Workspace one = Workspace.of(folder, spark, YAML);
                        Workspace other = Workspace.of(folder, spark, YAML)) {
                    LocalDate next = same ? Workspace.DAY : Workspace.DAY.plusDays(1);
                    one.file(
                            "a.jsonl",
                            sale(1, "\"both\":1,\"place\":{\"lat\":1,\"near\":true}"),
                            sale(2, "\"one\":\"x\""));
                    if (!same) {
                        one.file(
                                next,
                                "b.jsonl",
                                sale(3, "\"both\":2,\"place\":{\"lat\":1,\"far\":[1]}"),
                                sale(4, "\"two\":2"));
                    }
                    one.run(prepared(one));
                    List<RunResult> results =
                            atOnce(threads, List.of(() -> one.run(Workspace.DAY), () -> other.run(next)));

                    assertThat(results).extracting(RunResult::exit).containsOnly(ExitCode.OK);
                    assertThat(results.stream()
                                    .mapToLong(result -> result.lines().loaded())
                                    .sum())
                            .isEqualTo(same ? 2 : 4);
                    assertThat(RebuiltLines.check(one, "sale")).isEqualTo(same ? 3 : 5);
                    List<String> columns = new ArrayList<>(EvolvingDumpTest.schema(one));
                    columns.removeIf(column -> column.startsWith("firn_"));
                    List<String> expected =
                            new ArrayList<>(List.of("id bigint", "at timestamp", "both bigint", "one string"));
                    expected.addAll(same ? List.of("place struct<lat:double,near:boolean>") : List.of("two bigint"));
                    assertThat(columns).containsAll(expected).hasSize(same ? 5 : 6);
                    assertThat(one.run(Workspace.DAY).lines().read()).isZero();
                    assertThat(one.run(next).lines().read()).isZero();
                }
            }
        } finally {
            threads.shutdownNow();
        }
    }

    /** A day before, so that the tables are there. */
    private static LocalDate prepared(Workspace shop) {
        LocalDate before = Workspace.DAY.minusDays(1);
        shop.file(before, "a.jsonl", sale(0, ""));
        return before;
    }

    private static List<RunResult> atOnce(ExecutorService threads, List<Callable<RunResult>> runs) throws Exception {
        List<RunResult> results = new ArrayList<>();
        for (Future<RunResult> run : threads.invokeAll(runs)) {
            results.add(run.get());
        }
        return results;
    }
}
