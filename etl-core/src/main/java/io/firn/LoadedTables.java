package io.firn;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.firn.config.ConfigException;
import io.firn.config.Overrides;
import io.firn.table.TableName;

/** Tables under a project's {@code ddl/} that passed every check, with the project. */
public record LoadedTables(Project project, List<DeclaredTable> tables) {

    /**
     * Reads the tables of the project of a folder.
     *
     * @param which files, folders, or tables as {@code namespace.table} or with their catalog; empty: all
     */
    public static LoadedTables load(Path folder, Overrides overrides, List<String> which) throws ConfigException {
        Config config = new Config(overrides);
        Project project = config.project(folder);
        DeclaredTables all = config.tables(folder, project);
        List<DeclaredTable> found = new ArrayList<>();
        if (which.isEmpty() && Files.isDirectory(all.folder())) {
            found.addAll(all.below(all.folder()));
        }
        List<String> missing = new ArrayList<>();
        for (String one : which) {
            Path file = place(one, all);
            if (file == null) {
                missing.add(one);
            } else {
                all.below(file).stream().filter(table -> !found.contains(table)).forEach(found::add);
            }
        }
        config.problems().throwIfAny();
        if (!missing.isEmpty()) {
            throw new FirnException(
                    ExitCode.USAGE,
                    "there is no table " + String.join(", ", missing) + " under " + all.folder() + "; it has "
                            + names(all));
        }
        if (found.isEmpty()) {
            throw new FirnException(
                    ExitCode.USAGE,
                    "no table is defined: " + all.folder()
                            + " holds no <namespace>/<table>.yaml. firn ddl --import TABLE"
                            + " writes one from a table that exists");
        }
        return new LoadedTables(project, List.copyOf(found));
    }

    /** Whether a word of the command line names tables and not a pipeline. */
    public static boolean named(String word, Path folder, Overrides overrides) {
        Config config = new Config(overrides);
        DeclaredTables all = config.tables(folder, config.project(folder));
        Path path = Path.of(word);
        return all.holds(path) || (!Files.isRegularFile(path) && !word.matches(".*\\.ya?ml"));
    }

    /** Where the definition of a table belongs. */
    public static Path file(TableName table, Path folder, Overrides overrides) {
        Config config = new Config(overrides);
        return config.tables(folder, config.project(folder)).file(table);
    }

    /** The file or folder that is meant; null: there is none. */
    private static Path place(String word, DeclaredTables all) {
        Path path = Path.of(word);
        if (all.holds(path) && Files.exists(path)) {
            return path;
        }
        for (String name : List.of(word, "any." + word)) {
            try {
                Path file = all.file(TableName.parse(name));
                if (Files.exists(file)) {
                    return file;
                }
            } catch (IllegalArgumentException e) {
                // Not a table's name in that form.
            }
        }
        return null;
    }

    private static String names(DeclaredTables all) {
        if (!Files.isDirectory(all.folder())) {
            return "no tables";
        }
        return all.unreported().below(all.folder()).stream()
                .map(table -> table.definition().table().text())
                .collect(Collectors.joining(", "));
    }
}
