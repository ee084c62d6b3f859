package io.firn.jobs;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

import picocli.CommandLine.Option;

import io.firn.ExitCode;
import io.firn.FirnException;
import io.firn.TopicInit;
import io.firn.config.Secrets;
import io.firn.init.Inference.Hints;
import io.firn.registry.Confluent;
import io.firn.registry.Files;
import io.firn.registry.Glue;
import io.firn.registry.Registry;
import io.firn.table.TableName;

/** What the user says of a live topic. */
final class TopicOptions {
    @Option(names = "--topic", required = true, paramLabel = "TOPIC", description = "The topic, in place of a sample.")
    private String topic;

    @Option(
            names = "--brokers",
            required = true,
            paramLabel = "HOST:PORT",
            description = "Brokers to ask first, joined by commas.")
    private String brokers;

    @Option(
            names = "--setting",
            paramLabel = "KEY=VALUE",
            description = "A setting of Kafka's clients; secrets as references, $${secret:env:NAME}.")
    private Map<String, String> settings = new TreeMap<>();

    @Option(
            names = "--registry",
            paramLabel = "WHERE",
            description = "Where the schemas of messages are: the URL of a registry, glue or glue:REGION, or a folder.")
    private String registry;

    @Option(names = "--registry-user", paramLabel = "NAME", description = "Who asks the registry.")
    private String user;

    @Option(
            names = "--registry-password",
            paramLabel = "REFERENCE",
            description = "The user's password, $${secret:env:NAME}.")
    private String password;

    @Option(
            names = "--registry-token",
            paramLabel = "REFERENCE",
            description = "A bearer token for the registry, $${secret:env:NAME}.")
    private String token;

    @Option(
            names = "--table",
            paramLabel = "TABLE",
            description = "Where changes go, catalog.namespace.table (default: made of the topic's name).")
    private TableName table;

    String topic() {
        return topic;
    }

    /** Null: made of the topic's name. */
    TableName table() {
        return table;
    }

    /**
     * Throws FirnException when a secret would be written into a file.
     *
     * @param file where the pipeline is to stand
     */
    TopicInit init(Path file, Hints hints) {
        settings.forEach((key, value) -> {
            if (Secrets.areBelow(key)) {
                refuse("--setting " + key, value);
            }
        });
        refuse("--registry-password", password);
        refuse("--registry-token", token);
        return new TopicInit(brokers, topic, settings, registry(file), hints);
    }

    private Registry registry(Path file) {
        if (registry == null) {
            return null;
        }
        if (registry.matches("https?://.*")) {
            return new Confluent(registry, user, password, token);
        }
        if (registry.equals("glue") || registry.startsWith("glue:")) {
            String region = registry.replaceFirst("^glue:?", "");
            return new Glue(region.isEmpty() ? null : region, null, null);
        }
        return new Files(Sample.relativeTo(file, registry));
    }

    /** The files are for everybody who reads the project. */
    private static void refuse(String option, String value) {
        if (value != null && Secrets.masked(value).equals(value)) {
            throw new FirnException(
                    ExitCode.USAGE,
                    option + " would be written into the pipeline's file as it is; name where the secret is, such as"
                            + " ${secret:env:NAME} or ${secret:file:/path#key}");
        }
    }
}
