package io.firn.registry;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import io.firn.config.ConfigException;
import io.firn.config.Problem;
import io.firn.config.Scope;

/**
 * AWS Glue's schema registry, asked with the credentials that AWS's own clients find.
 *
 * @param region where it is; null: as AWS's own clients find it
 * @param endpoint an address in place of AWS's own; null: AWS's own
 * @param name the registry's name, in which schemas are looked up by their topic; null: default-registry
 */
public record Glue(String region, String endpoint, String name) implements Registry {
    private static final String DEFAULT = "default-registry";

    private static final Duration PAUSE = Duration.ofMillis(250);

    @Override
    public void check(Scope scope) {}

    @Override
    public Glue located(UnaryOperator<String> absolute) {
        return this;
    }

    @Override
    public Schemas open() {
        return open(PAUSE);
    }

    Schemas open(Duration pause) {
        try {
            return new CachedSchemas(GlueSource.of(region, endpoint, name == null ? DEFAULT : name), pause);
        } catch (NoClassDefFoundError e) {
            throw new ConfigException(List.of(new Problem(
                    "format.registry",
                    0,
                    0,
                    "the AWS SDK is not on the classpath, so that AWS Glue cannot be asked; it is there on EMR,"
                            + " elsewhere add software.amazon.awssdk:glue and url-connection-client to Spark's jars")));
        }
    }
}
