package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.BinaryType;

import io.firn.Catalogs;
import io.firn.LoadedPipeline;
import io.firn.LoadedTables;
import io.firn.Maintenance;
import io.firn.Maintenance.Looks;
import io.firn.Pipeline;
import io.firn.PipelineRun;
import io.firn.ResolvedEvent;
import io.firn.RunListener;
import io.firn.RunResult;
import io.firn.RunResult.Lines;
import io.firn.TablePlan;
import io.firn.TopicRun;
import io.firn.config.ConfigException;
import io.firn.config.Overrides;
import io.firn.maintain.Verb;
import io.firn.maintain.Verb.Execution;
import io.firn.table.Destructive;
import io.firn.table.LakeCatalog;
import io.firn.table.LakeTable;
import io.firn.table.TableName;

/** A project in a folder of its own: firn.yaml, one pipeline, raw files by day, and the lake that they are loaded into. */
final class Workspace implements AutoCloseable {
    static final LocalDate DAY = LocalDate.of(2026, 11, 20);

    private final Path home;
    private final LoadedPipeline pipeline;
    private final SparkSession spark;
    private final Catalogs catalogs;

    private Workspace(Path home, LoadedPipeline pipeline, SparkSession shared) {
        this.home = home;
        this.pipeline = pipeline;
        spark = session(pipeline, shared);
        catalogs = new Catalogs(pipeline.project(), spark.sparkContext().hadoopConfiguration());
    }

    /** A new project whose only pipeline is this text; its raw files lie under {@code raw/}. */
    static Workspace of(Path home, SparkSession shared, String yaml) {
        write(home.resolve("pipeline.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
        return open(home, shared, home.resolve("pipeline.yaml"));
    }

    /** A new project of these texts; its lake lies where firn.yaml says. */
    static Workspace of(Path home, SparkSession shared, String yaml, String project) {
        Path file = write(home.resolve("pipeline.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
        write(home.resolve("firn.yaml"), project.getBytes(StandardCharsets.UTF_8));
        try {
            return new Workspace(home, Pipeline.load(file, Overrides.none()), shared);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** A pipeline that stands anywhere, loading into a lake below {@code home}. */
    static Workspace open(Path home, SparkSession shared, Path yaml, String... settings) {
        Path project = yaml.resolveSibling("firn.yaml");
        List<String> all = new ArrayList<>(List.of(settings));
        if (yaml.startsWith(home)) {
            write(project, "catalogs:\n  lake: {warehouse: lake/warehouse}\n".getBytes(StandardCharsets.UTF_8));
        } else {
            all.add("catalogs.lake.warehouse=" + home.resolve("lake/warehouse"));
        }
        try {
            return new Workspace(home, Pipeline.load(yaml, Overrides.of(null, all)), shared);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** The same lake under another text of the pipeline. */
    Workspace mended(String yaml) {
        return of(home, spark, yaml);
    }

    private static SparkSession session(LoadedPipeline pipeline, SparkSession shared) {
        SparkSession own = shared.newSession();
        pipeline.project().catalogs().forEach((name, catalog) -> {
            LakeCatalog.prepare(catalog);
            catalog.sparkConf(name).forEach((key, value) -> {
                if (key.startsWith("spark.sql.catalog.")) {
                    own.conf().set(key, value);
                } else if (key.startsWith("spark.hadoop.fs.s3")) {
                    own.sparkContext().hadoopConfiguration().set(key.substring("spark.hadoop.".length()), value);
                }
            });
        });
        return own;
    }

    SparkSession spark() {
        return spark;
    }

    Catalogs catalogs() {
        return catalogs;
    }

    LoadedPipeline pipeline() {
        return pipeline;
    }

    /** A raw file of {@link #DAY}. */
    Path file(String name, String... lines) {
        return file(DAY, name, lines);
    }

    Path file(LocalDate day, String name, String... lines) {
        return file(day, name, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    Path file(LocalDate day, String name, byte[] content) {
        return write(home.resolve("raw/" + day + "/" + name), content);
    }

    RunResult run() {
        return run(DAY);
    }

    RunResult run(LocalDate day) {
        return closing(runs().run(day, false));
    }

    RunResult replace() {
        return closing(runs().run(DAY, true));
    }

    /** Takes what the topics hold now. */
    RunResult drain() {
        return closing(topicRun().run());
    }

    TopicRun topicRun() {
        return new TopicRun(pipeline, spark, catalogs, RunListener.SILENT);
    }

    /** Keeps tables. */
    Maintenance maintain(List<TableName> tables, List<Verb> verbs, Execution execution) {
        return maintain(tables, catalog -> verbs, execution);
    }

    /** Keeps tables, by verbs that look at the whole catalog. */
    Maintenance maintain(List<TableName> tables, Function<LakeCatalog, List<Verb>> verbs, Execution execution) {
        return Maintenance.run(
                spark,
                catalogs,
                tables,
                (catalog, done) -> verbs.apply(catalog),
                execution,
                Looks.NONE,
                new Maintenance.Listener() {});
    }

    /** A table as it is now. */
    LakeTable table(String name) {
        return catalogs.find(TableName.parse(name)).orElseThrow();
    }

    /** Makes a table what its definition under ddl/ says. */
    void apply(String table) {
        try {
            LoadedTables tables = LoadedTables.load(home, Overrides.of(null, List.of()), List.of(table));
            assertThat(TablePlan.apply(tables, catalogs, Destructive.REFUSED)).noneMatch(TablePlan::blocked);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /** A table's columns without Firn's own, name to type as YAML writes it. */
    Map<String, String> types(String table) {
        Map<String, String> types = new TreeMap<>();
        catalogs.find(TableName.parse(table))
                .orElseThrow()
                .ownColumns()
                .forEach(column -> types.put(column.name(), column.type().text()));
        return types;
    }

    private PipelineRun runs() {
        return new PipelineRun(pipeline, spark, catalogs, RunListener.SILENT);
    }

    /** Counts close in every run, whatever it met. */
    private static RunResult closing(RunResult result) {
        Lines lines = result.lines();
        assertThat(lines.loaded()
                        + lines.quarantined()
                        + lines.filtered()
                        + lines.notListed()
                        + lines.notAdded()
                        + lines.superseded()
                        + lines.skipped())
                .as("sum of the parts of %s", lines)
                .isEqualTo(lines.read());
        return result;
    }

    /** The rows of a query, each as {@code [a,b]}. */
    List<String> sql(String query) {
        return spark.sql(query).collectAsList().stream().map(Row::toString).toList();
    }

    /** All columns of an event's table but the time of the load, in the order of the dump. */
    List<String> rows(String event) {
        return ordered(event(event).target().table().quoted(), "");
    }

    /** All of the quarantine but the time of the load, in the order of the dump; nothing before the first run. */
    List<String> quarantine() {
        return ordered(pipeline.quarantine().quoted(), ", event, reason");
    }

    /** What was refused and why, {@code file offset line event column: reason}, in the order of the dump. */
    List<String> refused() {
        return spark
                .sql("SELECT concat(element_at(split(firn_file, '/'), -1), ' ', firn_offset, ' ',"
                        + " coalesce(string(line_number), '-'), ' ', coalesce(event, '-'), ' ', coalesce(column_name, '-'),"
                        + " ': ', reason) FROM " + pipeline.quarantine().quoted() + " ORDER BY firn_file, firn_offset")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    private List<String> ordered(String table, String more) {
        Dataset<Row> rows = spark.sql("SELECT * FROM " + table + " ORDER BY firn_file, firn_offset" + more)
                .drop("firn_loaded_at");
        Column[] readable = Arrays.stream(rows.schema().fields())
                .map(field -> field.dataType() instanceof BinaryType
                        ? functions.hex(rows.col(field.name()))
                        : rows.col(field.name()))
                .toArray(Column[]::new);
        return rows.select(readable).collectAsList().stream().map(Row::toString).toList();
    }

    /** Everything that the lake holds of the pipeline, to be held against another lake. */
    Map<String, List<String>> content() {
        Map<String, List<String>> content = new TreeMap<>();
        pipeline.events().forEach(event -> content.put(event.name(), rows(event.name())));
        content.put("quarantine", quarantine());
        return content;
    }

    /** The current snapshot of each table, the quarantine's too. */
    Map<String, Long> snapshots() {
        Map<String, Long> snapshots = new TreeMap<>();
        pipeline.events()
                .forEach(event -> snapshots.put(
                        event.name(), snapshot(event.target().table().quoted())));
        snapshots.put("quarantine", snapshot(pipeline.quarantine().quoted()));
        return snapshots;
    }

    private Long snapshot(String table) {
        return spark.sql("SELECT snapshot_id FROM " + table + ".refs WHERE name = 'main'")
                .head()
                .getLong(0);
    }

    ResolvedEvent event(String name) {
        return pipeline.events().stream()
                .filter(event -> event.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static Path write(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        catalogs.close();
    }
}
