package io.firn.config;

import java.util.List;
import java.util.Map;

/**
 * What the command line lays over the files.
 *
 * @param profile the profile chosen with {@code --profile}, or null
 * @param settings the {@code key.path=value} of each {@code --set}, in order; the last one wins
 * @param environment what {@code ${env:NAME}} reads
 */
public record Overrides(String profile, List<String> settings, Map<String, String> environment) {
    public Overrides {
        settings = List.copyOf(settings);
        environment = Map.copyOf(environment);
    }

    /** No profile, no settings, the environment of this process. */
    public static Overrides none() {
        return of(null, List.of());
    }

    /** A profile (or null) and settings, with the environment of this process. */
    public static Overrides of(String profile, List<String> settings) {
        return new Overrides(profile, settings, System.getenv());
    }

    /** The environment is left out: it holds secrets. */
    @Override
    public String toString() {
        return "Overrides[profile=" + profile + ", settings=" + settings.size() + "]";
    }
}
