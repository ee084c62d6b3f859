package io.firn.jobs;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import io.firn.config.ConfigException;
import io.firn.registry.Glue;

/** Firn's jar does without the AWS SDK, which clusters have. */
class GlueRegistryTest {
    @Test
    void withoutTheSdkAPersonIsToldWhereToGetIt() {
        assertThatThrownBy(() -> new Glue("eu-central-1", null, null).open())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("the AWS SDK is not on the classpath")
                .hasMessageContaining("add software.amazon.awssdk:glue and url-connection-client to Spark's jars");
    }
}
