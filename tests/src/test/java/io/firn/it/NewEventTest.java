package io.firn.it;

import static io.firn.it.Shop.badSale;
import static io.firn.it.Shop.sale;
import static io.firn.it.Shop.visit;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.RunResult;
import io.firn.SparkExtension;

/** An event that the YAML gains is loaded from files that other tables hold; what is known of their lines stays. */
@ExtendWith(SparkExtension.class)
class NewEventTest {
    private static final String SALES_ONLY = Shop.yaml().substring(0, Shop.yaml().indexOf("  visit:"));

    @TempDir
    private Path home;

    @Test
    void onlyItsLinesAreJudgedAgain(SparkSession spark) {
        String badVisit = visit(2).replace("\"id\":2", "\"id\":\"two\"");
        try (Workspace sales = Workspace.of(home, spark, SALES_ONLY)) {
            sales.file("a.jsonl", sale(1), badSale(2), visit(1), badVisit, "{", "{\"id\":3}");
            RunResult first = sales.run();
            assertThat(first.lines()).isEqualTo(new RunResult.Lines(6, 1, 3, 0, 2, 0));

            try (Workspace all = sales.mended(Shop.yaml())) {
                RunResult second = all.run();

                assertThat(second.lines()).isEqualTo(new RunResult.Lines(6, 1, 1, 0, 0, 4));
                assertThat(all.rows("visit")).hasSize(1);
                assertThat(all.rows("sale")).hasSize(1);
                assertThat(all.refused())
                        .hasSize(4)
                        .anyMatch(line -> line.contains(" sale amount: "))
                        .anyMatch(line -> line.contains(" visit id: "))
                        .anyMatch(line -> line.contains(" - -: malformed"))
                        .anyMatch(line -> line.contains(" - -: no event's name at type"));
                assertThat(all.run().lines().read()).isZero();
            }
        }
    }
}
