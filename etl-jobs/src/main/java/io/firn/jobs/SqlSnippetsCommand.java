package io.firn.jobs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.TypeConversionException;

import io.firn.Catalogs;
import io.firn.Json;
import io.firn.MaintainedTables;
import io.firn.MetadataViews;
import io.firn.Project;
import io.firn.Session;

@Command(
        name = "sql-snippets",
        description = {
            "Print the settings with which a SQL session sees the project's catalogs, or views of the tables' metadata.",
            "Secrets are not printed: *** stands where one has to be set."
        })
final class SqlSnippetsCommand implements Callable<Integer> {
    /** For whom. */
    enum Format {
        SPARK_SQL,
        SPARK_DEFAULTS,
        PYTHON,
        CLASSIFICATION,
        VIEWS
    }

    @ParentCommand
    private Firn firn;

    @Parameters(
            arity = "0..*",
            paramLabel = "TABLE",
            description = "For views: tables, namespaces, or pipelines' files (default: all of the project).")
    private List<String> which = new ArrayList<>();

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "spark-sql",
            converter = FormatName.class,
            description = {
                "spark-sql: the command line (default); spark-defaults: lines of spark-defaults.conf, for Spark Connect",
                "too; python: a notebook's first cell; classification: JSON for EMR and EMR Studio; views: statements",
                "for freshness, files, history and refused lines"
            })
    private Format format;

    @Override
    public Integer call() {
        Project project = firn.shared().project();
        if (format == Format.VIEWS) {
            List<String> views = views(project);
            firn.shared().console().result(views, String.join(";\n\n", views) + ";");
            return 0;
        }
        Map<String, String> settings = Session.settings(project);
        firn.shared().console().result(settings, text(settings));
        return 0;
    }

    private List<String> views(Project project) {
        try (Catalogs catalogs = new Catalogs(project, Session.hadoop())) {
            return MetadataViews.of(MaintainedTables.of(
                    which,
                    firn.shared().folder(),
                    project,
                    catalogs,
                    firn.shared().overrides()));
        }
    }

    private String text(Map<String, String> settings) {
        return switch (format) {
            case SPARK_SQL ->
                settings.entrySet().stream()
                        .map(setting -> "  --conf " + quoted(setting.getKey() + "=" + setting.getValue()))
                        .collect(Collectors.joining(" \\\n", "spark-sql \\\n", ""));
            case SPARK_DEFAULTS ->
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + " " + setting.getValue())
                        .collect(Collectors.joining("\n"));
            case PYTHON ->
                settings.entrySet().stream()
                        .map(setting -> "    .config(" + Json.line(setting.getKey()) + ", "
                                + Json.line(setting.getValue()) + ")\n")
                        .collect(Collectors.joining(
                                "",
                                "from pyspark.sql import SparkSession\n\nspark = (\n    SparkSession.builder\n",
                                "    .getOrCreate()\n)"));
            default -> Json.document(List.of(classification(settings)));
        };
    }

    private static Map<String, Object> classification(Map<String, String> settings) {
        Map<String, Object> classification = new LinkedHashMap<>();
        classification.put("Classification", "spark-defaults");
        classification.put("Properties", settings);
        return classification;
    }

    private static String quoted(String text) {
        return text.matches("[\\w.:/=@%+,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** Formats are written as other words of the command line are, with -. */
    static final class FormatName implements ITypeConverter<Format> {
        @Override
        public Format convert(String text) {
            try {
                return Format.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "\"" + text + "\" is none of spark-sql, spark-defaults, python, classification, views");
            }
        }
    }
}
