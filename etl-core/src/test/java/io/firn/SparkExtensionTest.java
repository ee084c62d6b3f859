package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SparkExtension.class)
final class SparkExtensionTest {
    @Test
    void theSessionComputesInUtcAndRefusesToRound(SparkSession spark) {
        assertThat(spark.sql("select current_timezone()").head().getString(0)).isEqualTo("UTC");
        assertThat(spark.conf().get("spark.sql.ansi.enabled")).isEqualTo("true");
        assertThat(spark.range(10).count()).isEqualTo(10);
    }

    @Test
    void allTestsShareOneSession(SparkSession spark) {
        assertThat(spark).isSameAs(SparkSession.builder().getOrCreate());
    }
}
