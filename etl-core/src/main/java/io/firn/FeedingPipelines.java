package io.firn;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.firn.config.ConfigException;
import io.firn.config.Overrides;
import io.firn.table.LakeTable;

/**
 * The pipelines of a project as they stand to a table, by their YAML.
 *
 * @param feeding those that loaded the table, and those that mean to: what they refused lies beside it
 * @param others may have kept other tables' records where those keep theirs
 */
record FeedingPipelines(List<LoadedPipeline> feeding, List<LoadedPipeline> others) {
    /**
     * Finds them. Throws FirnException when the YAML of one that loaded the table is missing.
     *
     * @param folder in the project
     * @param given files to look at too
     */
    static FeedingPipelines of(LakeTable table, Path folder, List<Path> given, Overrides overrides) {
        Map<String, LoadedPipeline> found = new LinkedHashMap<>();
        Map<String, LoadedPipeline> others = new LinkedHashMap<>();
        Set<String> missing = new TreeSet<>(table.topicsRead().keySet());
        List<String> unread = new ArrayList<>();
        for (Path file : given) {
            keep(Pipeline.load(file, overrides), table, missing, found, others);
        }
        for (Path file : ProjectFiles.pipelines(project(folder, overrides))) {
            try {
                keep(Pipeline.load(file.normalize(), overrides), table, missing, found, others);
            } catch (ConfigException e) {
                unread.add(file.toString());
            }
        }
        if (!missing.isEmpty()) {
            throw new FirnException(
                    ExitCode.FAILED,
                    "table " + table.name() + " was loaded by " + String.join(", ", missing)
                            + ", whose YAML is not here: what was refused of it, and its raw table, would be left out."
                            + " Nothing was erased; name the file with --pipeline"
                            + (unread.isEmpty() ? "" : " (with mistakes: " + String.join(", ", unread) + ")"));
        }
        others.keySet().removeAll(found.keySet());
        return new FeedingPipelines(List.copyOf(found.values()), List.copyOf(others.values()));
    }

    private static void keep(
            LoadedPipeline pipeline,
            LakeTable table,
            Set<String> missing,
            Map<String, LoadedPipeline> found,
            Map<String, LoadedPipeline> others) {
        String name = pipeline.pipeline().pipeline();
        boolean means = pipeline.events().stream()
                .anyMatch(event -> event.target().table().equals(table.name()));
        if (missing.remove(name) || means) {
            found.putIfAbsent(name, pipeline);
        } else {
            others.putIfAbsent(name, pipeline);
        }
    }

    /** Where the project begins, in the folder or above. */
    private static Path project(Path folder, Overrides overrides) {
        Path root = new Config(overrides).tables(folder, null).folder().getParent();
        return root == null ? Path.of(".") : root;
    }
}
