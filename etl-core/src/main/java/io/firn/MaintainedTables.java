package io.firn;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.firn.config.Overrides;
import io.firn.source.Debezium;
import io.firn.table.LakeCatalog;
import io.firn.table.TableName;

/** Finds the tables that words of the command line mean, of those that exist. */
public final class MaintainedTables {
    private final Project project;
    private final Catalogs catalogs;
    private final Overrides overrides;
    private final Set<TableName> found = new LinkedHashSet<>();

    private MaintainedTables(Project project, Catalogs catalogs, Overrides overrides) {
        this.project = project;
        this.catalogs = catalogs;
        this.overrides = overrides;
    }

    /**
     * The tables of words: a table, a namespace, or a pipeline's file, which means its targets, its quarantine and its raw
     * table. Without words: all that the project's pipelines and its {@code ddl/} name. Throws FirnException for a word
     * that means nothing.
     *
     * @param folder in the project
     */
    public static List<TableName> of(
            List<String> words, Path folder, Project project, Catalogs catalogs, Overrides overrides) {
        MaintainedTables tables = new MaintainedTables(project, catalogs, overrides);
        if (words.isEmpty()) {
            tables.everything(folder);
        }
        words.forEach(word -> tables.word(word, folder));
        return List.copyOf(tables.found);
    }

    private void everything(Path folder) {
        Config config = new Config(overrides);
        DeclaredTables declared = config.tables(folder, project);
        if (Files.isDirectory(declared.folder())) {
            addExisting(declared.below(declared.folder()).stream()
                    .map(table -> table.definition().table())
                    .toList());
        }
        config.problems().throwIfAny();
        Path parent = declared.folder().getParent();
        List<Path> pipelines = ProjectFiles.pipelines(parent == null ? Path.of("") : parent);
        pipelines.forEach(this::pipeline);
        if (found.isEmpty()) {
            throw new FirnException(
                    ExitCode.USAGE,
                    "no table of this project exists yet; name a table, a namespace or a pipeline's file, or run firn"
                            + " run first");
        }
    }

    private void word(String word, Path folder) {
        if (word.matches(".*\\.ya?ml")) {
            Path file = folder.resolve(word);
            if (!Files.isRegularFile(file)) {
                throw new FirnException(ExitCode.USAGE, "there is no file " + word);
            }
            pipeline(file);
            return;
        }
        List<TableName> inNamespace = inNamespace(word);
        if (!inNamespace.isEmpty()) {
            found.addAll(inNamespace);
            return;
        }
        TableName table = project.table(word);
        if (catalogs.find(table).isEmpty()) {
            throw new FirnException(
                    ExitCode.USAGE,
                    "there is neither a table nor a namespace " + word
                            + "; firn sql \"SHOW TABLES IN ...\" lists them");
        }
        found.add(table);
    }

    private void pipeline(Path file) {
        LoadedPipeline pipeline = Pipeline.load(file, overrides);
        List<TableName> named = new ArrayList<>();
        pipeline.events().forEach(event -> named.add(event.target().table()));
        named.add(pipeline.quarantine());
        if (pipeline.pipeline().source() instanceof Debezium debezium && debezium.raw() != null) {
            named.add(debezium.raw());
        }
        addExisting(named);
        // Topics name their tables themselves.
        inNamespace(pipeline.pipeline().catalog() + "." + Resolution.namespace(pipeline.pipeline())).stream()
                .filter(table -> !found.contains(table))
                .filter(table -> catalogs.find(table)
                        .filter(lake -> lake.topicsRead()
                                .containsKey(pipeline.pipeline().pipeline()))
                        .isPresent())
                .forEach(found::add);
    }

    private void addExisting(Collection<TableName> tables) {
        tables.stream().filter(table -> catalogs.find(table).isPresent()).forEach(found::add);
    }

    /** Empty: there is no such namespace, or it has no tables. */
    private List<TableName> inNamespace(String word) {
        List<String> levels = new ArrayList<>(List.of(word.split("\\.")));
        String catalog = project.catalogs().containsKey(levels.get(0)) && levels.size() > 1
                ? levels.remove(0)
                : project.usualCatalog();
        TableName any;
        try {
            any = TableName.parse(catalog + "." + String.join(".", levels) + ".any");
        } catch (IllegalArgumentException e) {
            return List.of();
        }
        Optional<LakeCatalog> opened = catalogs.existing(any);
        return opened.map(lake -> lake.tablesBeside(any)).orElse(List.of());
    }
}
