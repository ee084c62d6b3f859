package io.firn.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Secret references: {@code ${secret:env:NAME}}, {@code ${secret:file:/path#key}}, {@code ${secret:aws-sm:name#key}}.
 * Records hold the reference; it is resolved where the secret is handed over, and shown to nobody.
 */
public final class Secrets {
    private static final Pattern REFERENCE =
            Pattern.compile("\\$\\{secret:(?:(env):([A-Za-z_][A-Za-z0-9_]*)|(file|aws-sm):([^}#]+)#([^}]+))\\}");

    private Secrets() {}

    /** The text with its secrets in place; throws ConfigException if one cannot be had. Never log what it returns. */
    public static String resolve(String text) {
        return resolve(text, System.getenv());
    }

    /** The text as it may be shown: every secret is {@code ***}. */
    public static String masked(String text) {
        return REFERENCE.matcher(text).replaceAll("***");
    }

    /** Whether what stands below a key is a secret, by its name. */
    public static boolean areBelow(String key) {
        return References.soundsSecret(key);
    }

    static boolean isReference(String text) {
        return REFERENCE.matcher(text).matches();
    }

    static String resolve(String text, Map<String, String> environment) {
        Matcher reference = REFERENCE.matcher(text);
        StringBuilder resolved = new StringBuilder();
        while (reference.find()) {
            Provider provider = provider(reference, environment);
            String secret = provider.secret();
            if (secret == null) {
                throw unavailable(reference.group(), provider.whyNot());
            }
            reference.appendReplacement(resolved, Matcher.quoteReplacement(secret));
        }
        return reference.appendTail(resolved).toString();
    }

    private static Provider provider(Matcher reference, Map<String, String> environment) {
        if (reference.group(1) != null) {
            return new Environment(environment, reference.group(2));
        }
        return reference.group(3).equals("file")
                ? new SecretFile(reference.group(4), reference.group(5))
                : new AwsSecret(reference.group(4), reference.group(5));
    }

    /** A value of a JSON object; null: it has none of that name. */
    static String ofJson(String text, String key) throws IOException {
        JsonNode value = new ObjectMapper().readTree(text).path(key);
        return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }

    private static ConfigException unavailable(String reference, String why) {
        return new ConfigException(List.of(new Problem(reference, 0, 0, why)));
    }

    /** Where a secret lies. */
    sealed interface Provider permits Environment, SecretFile, AwsSecret {
        /** The secret, or null. */
        String secret();

        /** Why there is none, and what to do. */
        String whyNot();
    }

    record Environment(Map<String, String> environment, String name) implements Provider {
        @Override
        public String secret() {
            return environment.get(name);
        }

        @Override
        public String whyNot() {
            return "environment variable " + name + " is not set";
        }
    }

    /** A Java properties file, or a JSON object in a file that ends in .json. */
    record SecretFile(String file, String key) implements Provider {
        @Override
        public String secret() {
            try {
                String text = Files.readString(Path.of(file));
                if (file.endsWith(".json")) {
                    return ofJson(text, key);
                }
                Properties properties = new Properties();
                properties.load(new StringReader(text));
                return properties.getProperty(key);
            } catch (IOException | IllegalArgumentException e) {
                // The cause may quote the file's text, and that is the secret.
                return null;
            }
        }

        @Override
        public String whyNot() {
            return "no key \"" + key + "\" in " + file + ", or the file cannot be read as "
                    + (file.endsWith(".json") ? "JSON" : "properties");
        }
    }
}
