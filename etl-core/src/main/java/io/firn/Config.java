package io.firn;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firn.config.Binding;
import io.firn.config.Definition;
import io.firn.config.Document;
import io.firn.config.Overrides;
import io.firn.config.Problem;
import io.firn.config.Problems;
import io.firn.config.YamlFile;
import io.firn.schema.ColumnType;
import io.firn.schema.DefaultValue;
import io.firn.schema.Format;
import io.firn.schema.JsonPath;
import io.firn.source.TopicSource;
import io.firn.table.CatalogDefinition;
import io.firn.table.FileSize;
import io.firn.table.PartitionField;
import io.firn.table.SortField;
import io.firn.table.TableName;

/** Reads pipelines and projects and gathers what is wrong in all of them. */
public final class Config {
    static final Binding BINDING = new Binding()
            .value(ColumnType.class, ColumnType::parse)
            .value(Format.class, Format::parse)
            .value(JsonPath.class, JsonPath::parse)
            .value(TableName.class, TableName::parse)
            .value(PartitionField.class, PartitionField::parse)
            .value(SortField.class, SortField::parse)
            .value(LocalDate.class, Config::day)
            .value(Duration.class, Durations::parse)
            .value(FileSize.class, FileSize::parse)
            .value(DefaultValue.class, DefaultValue::new)
            .value(MaxQuarantined.class, MaxQuarantined::parse);

    private static final Definition<Pipeline> PIPELINE =
            new Definition<>(Pipeline.class, "pipeline.schema.json", BINDING);
    private static final Definition<Project> PROJECT = new Definition<>(Project.class, "project.schema.json", BINDING);

    private final Overrides overrides;
    private final Problems problems = new Problems();
    private final Map<Path, YamlFile> projectFiles = new HashMap<>();
    private final Map<Path, Document<Project>> projects = new HashMap<>();
    private final Map<String, Path> pipelines = new HashMap<>();

    Config(Overrides overrides) {
        this.overrides = overrides;
    }

    /** Everything that is wrong in these files, pipelines, tables under ddl/ and firn.yaml, and in the projects that they belong to. */
    public static List<Problem> validate(List<Path> files, Overrides overrides) {
        Config config = new Config(overrides);
        for (Path file : files) {
            DeclaredTables tables = config.tables(Locations.folder(file), null);
            if (file.endsWith(Project.FILE)) {
                config.project(Locations.folder(file));
            } else if (tables.holds(file)) {
                Project project = config.project(Locations.folder(file));
                Optional<DeclaredTable> unused =
                        config.tables(Locations.folder(file), project).read(file);
            } else {
                config.pipeline(file);
            }
        }
        return config.problems.all();
    }

    private static LocalDate day(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("\"" + text + "\" is no day; write it as 2026-11-20", e);
        }
    }

    Problems problems() {
        return problems;
    }

    /** Null if nothing can be made of the file; usable only if there are no problems. */
    LoadedPipeline pipeline(Path file) {
        YamlFile yaml = YamlFile.read(file, problems);
        Path projectPath = projectPath(Locations.folder(file));
        YamlFile projectYaml = projectFile(projectPath);
        Document<Project> projectDocument = projectDocument(projectPath, projectYaml);
        Project project = resolved(projectYaml, projectDocument);
        if (yaml == null) {
            return null;
        }
        List<YamlFile> files = projectYaml == null ? List.of(yaml) : List.of(yaml, projectYaml);
        Definition.checkOverrides(overrides, files, List.of(PIPELINE, PROJECT), problems);
        Document<Pipeline> document = PIPELINE.read(yaml, overrides, problems);
        if (document.value() == null) {
            return null;
        }
        Pipeline written = document.value();
        Pipeline pipeline = located(written, yaml, document);
        Map<String, CatalogDefinition> catalogs = project == null ? null : project.catalogs();
        pipeline.schedule().check(document.scope().at("schedule"));
        DeclaredTables tables = tables(Locations.folder(file), project);
        List<ResolvedEvent> events = new Resolution(pipeline, catalogs, tables, document.scope()).events();
        Path same = written.pipeline() == null ? null : pipelines.putIfAbsent(written.pipeline(), file);
        if (same != null && !same.equals(file)) {
            document.scope()
                    .at("pipeline")
                    .problem("pipeline \"" + written.pipeline() + "\" is also the name of " + same
                            + "; tables remember loads by this name, so each needs its own");
        }
        return new LoadedPipeline(file, yaml.sha256(), pipeline, project, tables, events, document, projectDocument);
    }

    /** The project of a folder: its firn.yaml or that of the nearest folder above; null after a problem. */
    Project project(Path folder) {
        Path path = projectPath(folder.toAbsolutePath().normalize());
        YamlFile yaml = projectFile(path);
        if (yaml != null) {
            Definition.checkOverrides(overrides, List.of(yaml), List.of(PIPELINE, PROJECT), problems);
        }
        return resolved(yaml, projectDocument(path, yaml));
    }

    /** The tables that the project of a folder defines. */
    DeclaredTables tables(Path folder, Project project) {
        Path beside = projectPath(folder.toAbsolutePath().normalize()).resolveSibling(DeclaredTables.FOLDER);
        return new DeclaredTables(beside, overrides, project, problems);
    }

    private static Project resolved(YamlFile yaml, Document<Project> document) {
        return document == null || document.value() == null
                ? null
                : document.value().resolved(yaml, document);
    }

    private YamlFile projectFile(Path path) {
        return projectFiles.computeIfAbsent(
                path, file -> Files.exists(file) ? YamlFile.read(file, problems) : YamlFile.absent(file));
    }

    private Document<Project> projectDocument(Path path, YamlFile yaml) {
        if (yaml == null) {
            return null;
        }
        Document<Project> known = projects.get(path);
        if (known != null) {
            return known;
        }
        Document<Project> document = PROJECT.read(yaml, overrides, problems);
        if (document.value() != null) {
            document.value().check(document.scope());
        }
        projects.put(path, document);
        return document;
    }

    /** Named from the working directory where it lies below it, as a user would. */
    private static Path projectPath(Path folder) {
        Path here = Path.of("").toAbsolutePath();
        for (Path at = folder; at != null; at = at.getParent()) {
            Path file = at.resolve(Project.FILE);
            if (Files.exists(file)) {
                return file.startsWith(here) ? here.relativize(file) : file;
            }
        }
        return Path.of(Project.FILE);
    }

    private static Pipeline located(Pipeline pipeline, YamlFile yaml, Document<Pipeline> document) {
        Map<String, Event> events = new LinkedHashMap<>();
        pipeline.events().forEach((name, event) -> events.put(name, located(name, event, yaml, document)));
        return new Pipeline(
                pipeline.pipeline(),
                pipeline.catalog(),
                pipeline.source() == null
                        ? null
                        : pipeline.source().located(path -> Locations.absolute(path, yaml, document, "source", "path")),
                pipeline.schedule().resolved(pipeline.source() instanceof TopicSource),
                pipeline.defaults(),
                Collections.unmodifiableMap(events));
    }

    private static Event located(String name, Event event, YamlFile yaml, Document<Pipeline> document) {
        return event.target().location() == null
                ? event
                : event.at(Locations.absolute(
                        event.target().location(), yaml, document, "events", name, "target", "location"));
    }
}
