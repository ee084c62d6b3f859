package io.firn;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.firn.config.Definition;
import io.firn.config.Document;
import io.firn.config.Overrides;
import io.firn.config.Problem;
import io.firn.config.Problems;
import io.firn.config.YamlFile;
import io.firn.table.TableDefinition;
import io.firn.table.TableName;

/**
 * The tables that a project defines, each in a file {@code ddl/<namespace>/<table>.yaml} beside firn.yaml. Files are
 * read when they are asked for, and what is wrong in them is noted.
 */
final class DeclaredTables {
    static final String FOLDER = "ddl";
    private static final String YAML = ".yaml";
    private static final Definition<TableDefinition> TABLE =
            new Definition<>(TableDefinition.class, "/io/firn/table.schema.json", Config.BINDING);

    private final Path folder;
    private final Overrides overrides;
    private final Project project;
    private final Problems problems;

    /** @param project null after a problem: nothing is said of catalogs */
    DeclaredTables(Path folder, Overrides overrides, Project project, Problems problems) {
        this.folder = folder;
        // What is set on the command line is of pipelines and projects.
        this.overrides = new Overrides(overrides.profile(), List.of(), overrides.environment());
        this.project = project;
        this.problems = problems;
    }

    /** The same tables, to be checked by themselves. */
    DeclaredTables unreported() {
        return new DeclaredTables(folder, overrides, project, new Problems());
    }

    void throwIfAny() {
        problems.throwIfAny();
    }

    Path folder() {
        return folder;
    }

    /** Where the table's definition stands, or would. */
    Path file(TableName table) {
        Path at = folder;
        for (String level : table.namespace()) {
            at = at.resolve(level);
        }
        return at.resolve(table.name() + YAML);
    }

    /** The same for people: as seen from the project's folder. */
    static String text(TableName table) {
        return FOLDER + "/" + String.join("/", table.namespace()) + "/" + table.name() + YAML;
    }

    /** Whether a file would define a table. */
    boolean holds(Path file) {
        return file.toAbsolutePath()
                .normalize()
                .startsWith(folder.toAbsolutePath().normalize());
    }

    /** The table's definition, if the project has one; usable only if there are no problems. */
    Optional<DeclaredTable> find(TableName table) {
        Path file = file(table);
        return Files.exists(file)
                ? read(file).filter(found -> found.definition().table().equals(table))
                : Optional.empty();
    }

    /** All tables below a folder or in a file, by path. */
    List<DeclaredTable> below(Path place) {
        List<Path> files;
        try (Stream<Path> found = Files.walk(place)) {
            files = found.filter(file -> file.toString().endsWith(YAML))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + place, e);
        }
        List<DeclaredTable> tables = new ArrayList<>();
        files.forEach(file -> read(file).ifPresent(tables::add));
        return tables;
    }

    /** Reads one file; empty where nothing can be made of it. */
    Optional<DeclaredTable> read(Path file) {
        YamlFile yaml = YamlFile.read(file, problems);
        if (yaml == null) {
            return Optional.empty();
        }
        Document<TableDefinition> document = TABLE.read(yaml, overrides, problems);
        TableDefinition written = document.value();
        if (written == null) {
            return Optional.empty();
        }
        TableName name = name(file, written, document);
        new TableRules(document.scope()).check(written);
        if (name == null || !document.scope().sound()) {
            return Optional.empty();
        }
        String location = Locations.absolute(written.location(), yaml, document, "location");
        return Optional.of(new DeclaredTable(file, written.named(name).at(location)));
    }

    /** The path names the table, the file at most its catalog. */
    private TableName name(Path file, TableDefinition written, Document<TableDefinition> document) {
        Path below = folder.toAbsolutePath()
                .normalize()
                .relativize(file.toAbsolutePath().normalize());
        String path = below.toString().replaceFirst("\\.yaml$", "").replace('/', '.');
        if (below.getNameCount() < 2 || below.startsWith("..")) {
            problems.add(new Problem(
                    file.toString(),
                    1,
                    1,
                    "tables are defined in " + FOLDER + "/<namespace>/<table>.yaml; move it there"));
            return null;
        }
        TableName said = written.table();
        if (said != null && !said.text().equals(said.catalog() + "." + path)) {
            document.scope()
                    .at("table")
                    .problem("table " + said + " would be defined in " + file(said)
                            + "; move the file, or leave \"table\" out");
            return null;
        }
        String usual = project == null ? Project.DEFAULT_CATALOG : project.usualCatalog();
        String catalog = said == null ? usual : said.catalog();
        if (project != null && !project.catalogs().containsKey(catalog)) {
            document.scope()
                    .at("table")
                    .unknown("catalog", catalog, project.catalogs().keySet());
            return null;
        }
        try {
            return TableName.parse(catalog + "." + path);
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(file.toString(), 1, 1, e.getMessage()));
            return null;
        }
    }
}
