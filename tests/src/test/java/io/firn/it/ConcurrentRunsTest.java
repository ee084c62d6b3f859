package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.SparkExtension;

/** Two processes load the same day at once: together they leave what one alone would, and both end well. */
@ExtendWith(SparkExtension.class)
class ConcurrentRunsTest {
    @TempDir
    private Path home;

    @Test
    void twoRaces(SparkSession spark) {
        races(spark, 2);
    }

    @Test
    @Tag("long")
    void twentyRaces(SparkSession spark) {
        races(spark, 20);
    }

    private void races(SparkSession spark, int count) {
        DayOfTrouble day = new DayOfTrouble(home, 7);
        Map<String, List<String>> expected = day.undisturbed(spark);
        long rows = expected.entrySet().stream()
                .filter(table -> !table.getKey().equals("quarantine"))
                .mapToLong(table -> table.getValue().size())
                .sum();
        try (Child one = new Child(line -> {});
                Child other = new Child(line -> {})) {
            for (int race = 0; race < count; race++) {
                Path lake = day.lake("race-" + race);
                one.open(lake);
                other.open(lake);
                one.go();
                other.go();
                String[] first = one.answer().split(" ", 4);
                String[] second = other.answer().split(" ", 4);
                String description = "race %d: %s; %s".formatted(race, List.of(first), List.of(second));
                assertThat(List.of(first[0], first[1], second[0], second[1]))
                        .as(description)
                        .containsExactly("done", "OK", "done", "OK");
                assertThat(Long.parseLong(first[2]) + Long.parseLong(second[2]))
                        .as(description)
                        .isEqualTo(rows);
                try (Workspace workspace = day.open(lake, spark)) {
                    assertThat(workspace.content()).as(description).isEqualTo(expected);
                    assertThat(workspace.run().files().read()).as(description).isZero();
                }
            }
        }
    }
}
