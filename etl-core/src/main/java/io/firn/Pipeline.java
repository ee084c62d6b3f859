package io.firn;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;

import io.firn.config.ConfigException;
import io.firn.config.Overrides;
import io.firn.source.Source;

/**
 * A pipeline as its YAML file says it.
 *
 * @param pipeline its name, under which tables remember what was loaded; letters a-z, digits and -
 * @param catalog of its tables, one that firn.yaml names; null: lake
 * @param source where the lines come from
 * @param schedule when it runs and how soon its tables must be fresh; null: daily for dumps, each quarter of an hour for topics
 * @param defaults what holds for every event that says nothing else; null: each default's own
 * @param events by the name that a line gives, or for changes by topic; null: none, as messages with a schema tell their columns
 */
public record Pipeline(
        String pipeline, String catalog, Source source, Schedule schedule, Defaults defaults, Map<String, Event> events)
        implements Serializable {
    public Pipeline {
        catalog = catalog == null ? Project.DEFAULT_CATALOG : catalog;
        schedule = schedule == null ? Schedule.none() : schedule;
        defaults = defaults == null ? Defaults.none() : defaults;
        events = events == null ? Map.of() : events;
    }

    /** Reads a pipeline and its project; throws ConfigException with everything that is wrong in either. */
    public static LoadedPipeline load(Path file, Overrides overrides) throws ConfigException {
        Config config = new Config(overrides);
        LoadedPipeline loaded = config.pipeline(file);
        config.problems().throwIfAny();
        return loaded;
    }
}
