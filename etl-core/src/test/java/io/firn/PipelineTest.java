package io.firn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firn.config.ConfigException;
import io.firn.config.Overrides;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.source.JsonDump;
import io.firn.table.CatalogDefinition;
import io.firn.table.FileSize;
import io.firn.table.PartitionField;
import io.firn.table.SortField;
import io.firn.table.TableDefinition.Mode;

/** What a pipeline is after loading: overlays applied, references read, defaults filled in. */
class PipelineTest {
    private static final String YAML =
            """
            # yaml-language-server: $schema=pipeline.schema.json
            pipeline: github-events
            source: {type: json-dump, path: "raw/{date}/", event-name: type, event-time: payload.at}
            defaults:
              namespace: github
              properties: {write.target-file-size-bytes: 1048576, a: b}
            events:
              PushEvent:
                columns: &columns
                  - {name: id, type: long, required: true}
                  - {name: happened, type: timestamptz, path: payload.at}
                  - name: commits
                    type: "list<struct<sha: string, at: timestamp>>"
                    format: uuuu-MM-dd HH:mm
              HTMLPage v2:
                columns: [{name: id, type: "decimal(10,2)"}]
                unknown-columns: keep
                target:
                  table: pond.web.pages
                  mode: truncate-load
                  properties: {a: c}
                  sort-by: [id desc]
              fork:
                columns: *columns
                target: {partition-by: []}
            profiles:
              prod:
                source: {path: "s3://raw/{date}/"}
                defaults: {mode: truncate-load}
              dev: {defaults: {max-quarantined: 5}}
            """;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void project() throws IOException {
        file = Files.createDirectory(folder.resolve("pipelines")).resolve("github.yaml");
        Files.writeString(file, YAML);
        Files.writeString(
                folder.resolve("firn.yaml"),
                """
                catalogs:
                  lake: {warehouse: data/warehouse}
                  pond:
                    type: jdbc
                    uri: jdbc:sqlite:pond.db
                    warehouse: s3://pond/wh/
                    properties: {jdbc.user: "${env:POND_USER:-sa}", jdbc.password: "${env:POND_PASSWORD}"}
                profiles:
                  prod:
                    catalogs: {pond: {state: "s3://state"}}
                """);
    }

    @Test
    void defaultsAreFilledIn() {
        LoadedPipeline loaded = load();
        assertThat(loaded.pipeline().pipeline()).isEqualTo("github-events");
        assertThat(loaded.sha256()).matches("[0-9a-f]{64}");
        assertThat(((JsonDump) loaded.pipeline().source()).path()).isEqualTo(folder + "/pipelines/raw/{date}/");
        assertThat(loaded.pipeline().defaults().maxQuarantined()).isEqualTo(MaxQuarantined.DEFAULT);
        ResolvedEvent push = loaded.events().get(0);
        assertThat(push.target().table().text()).isEqualTo("lake.github.push_event");
        assertThat(push.target().partitionBy()).containsExactly(PartitionField.parse("day(happened)"));
        assertThat(push.target().mode()).isEqualTo(Mode.APPEND);
        assertThat(push.target().properties())
                .containsExactlyInAnyOrderEntriesOf(Map.of("write.target-file-size-bytes", "1048576", "a", "b"));
        assertThat(push.unknownColumns()).isEqualTo(UnknownColumns.REPORT);
        assertThat(push.tableColumns()).extracting(Column::name).containsExactly("id", "happened", "commits");
        assertThat(push.tableColumns()).extracting(Column::required).containsExactly(true, false, false);
    }

    @Test
    void anEventOverridesTheDefaults() {
        ResolvedEvent page = load().events().get(1);
        assertThat(page.target().table().text()).isEqualTo("pond.web.pages");
        assertThat(page.target().mode()).isEqualTo(Mode.TRUNCATE_LOAD);
        assertThat(page.target().properties()).containsEntry("a", "c").containsKey("write.target-file-size-bytes");
        assertThat(page.target().sortBy()).containsExactly(new SortField("id", true));
        assertThat(page.target().partitionBy()).isEmpty();
        assertThat(page.unknownColumns()).isEqualTo(UnknownColumns.KEEP);
        assertThat(page.columns().get(0).type()).isEqualTo(new ColumnType.Decimal(10, 2));
        assertThat(load().events().get(2).target().partitionBy()).isEmpty();
    }

    @Test
    void catalogsGetAbsolutePathsAndKeepTheirSecretsAsReferences() {
        Map<String, CatalogDefinition> catalogs = load().project().catalogs();
        assertThat(catalogs.get("lake"))
                .isEqualTo(new CatalogDefinition(
                        CatalogDefinition.Type.JDBC,
                        null,
                        folder + "/data/warehouse",
                        folder + "/data/state",
                        null,
                        Map.of()));
        assertThat(catalogs.get("pond").uri()).isEqualTo("jdbc:sqlite:" + folder + "/pond.db");
        assertThat(catalogs.get("pond").state()).isEqualTo("s3://pond/state");
        assertThat(catalogs.get("pond").properties())
                .isEqualTo(Map.of("jdbc.user", "sa", "jdbc.password", "${secret:env:POND_PASSWORD}"));
    }

    @Test
    void profileIsLaidOverBothFilesAndSettingsOverAll() {
        LoadedPipeline loaded = load(
                "prod",
                "defaults.mode=append",
                "catalogs.pond.uri=jdbc:sqlite:/x.db",
                "events.PushEvent.columns.0.name=number",
                "events.fork.target={table: lake.x.y}");
        assertThat(((JsonDump) loaded.pipeline().source()).path()).isEqualTo("s3://raw/{date}/");
        assertThat(((JsonDump) loaded.pipeline().source()).eventName().text()).isEqualTo("type");
        assertThat(loaded.pipeline().defaults().mode()).isEqualTo(Mode.APPEND);
        assertThat(loaded.pipeline().defaults().namespace()).isEqualTo("github");
        assertThat(loaded.project().catalogs().get("pond").state()).isEqualTo("s3://state");
        assertThat(loaded.project().catalogs().get("pond").uri()).isEqualTo("jdbc:sqlite:/x.db");
        assertThat(loaded.events().get(0).columns().get(0).name()).isEqualTo("number");
        assertThat(loaded.events().get(2).target().table().text()).isEqualTo("lake.x.y");
        assertThat(load("dev").pipeline().defaults().maxQuarantined()).isEqualTo(new MaxQuarantined(5L, null));
        assertThat(loaded.events().get(2).columns().get(0).name())
                .as("an alias is a value of its own")
                .isEqualTo("id");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prodd | a=b | --profile prodd: unknown profile \"prodd\"; did you mean \"prod\"?",
                "      | a=b | --set a: unknown key \"a\"; valid keys are pipeline, catalog, source, schedule, defaults, events,"
                        + " catalogs, emr",
                "      | defaults.modee=append | --set defaults.modee: unknown key \"modee\"; did you mean \"mode\"?",
                "      | defaults.mode=apend | --set defaults.mode: \"apend\" is not one of append, truncate-load, upsert; did"
                        + " you mean \"append\"?",
                "      | defaults | --set: expected key.path=value, as in --set defaults.mode=append",
                "      | catalog=[a | --set catalog: not YAML: while parsing a flow sequence: expected ',' or ']', but"
                        + " got <stream end>"
            })
    void wrongOverridesAreToldByTheirOwnName(String profile, String setting, String message) {
        assertThatThrownBy(() -> load(profile, setting))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aProfileThatIsNotChosenIsCheckedToo() throws IOException {
        Files.writeString(
                file, YAML.replace("dev: {defaults", "dev: {default").replace("\"s3://raw/{date}/\"", "[s3]"));
        assertThatThrownBy(this::load)
                .isInstanceOf(ConfigException.class)
                .hasMessage(file + ":28:14: expected a string, found a list\n" + file
                        + ":30:9: unknown key \"default\"; did you mean \"defaults\"?");
    }

    @Test
    void withoutAProjectTheLakeLiesInTheWorkingDirectory(@TempDir Path elsewhere) {
        String lake = Path.of("lake").toAbsolutePath().toString();
        assertThat(Project.load(elsewhere, Overrides.none()).catalogs())
                .isEqualTo(Map.of(
                        "lake",
                        new CatalogDefinition(
                                CatalogDefinition.Type.JDBC,
                                null,
                                lake + "/warehouse",
                                lake + "/state",
                                null,
                                Map.of())));
    }

    @ParameterizedTest
    @CsvSource({
        "{}, 1:1: no catalog is defined",
        "{spark_catalog: {warehouse: w}}, is a name of Spark's own",
        "{a-b: {warehouse: w}}, is not a name; use letters",
        "'{a: {type: rest, state: s}}', a rest catalog needs the \"uri\" of its server",
        "{a: {type: glue}}, missing key \"warehouse\"",
        "'{a: {type: glue, warehouse: \"s3://bucket/\"}}', a whole bucket has nothing beside it",
        "'{a: {type: rest, uri: \"https://h\", warehouse: prod}}', \"prod\" is the server's name of one",
        "'{a: {warehouse: w, kms-key: \"arn:aws:kms:eu-west-1:1:key/1\"}}', 1:39: kms-key would encrypt no table",
        "'{a: {type: rest, uri: \"https://h\", state: s, kms-key: \"arn:aws:kms:eu-west-1:1:key/1\"}}', encrypt no table",
        "'{a: {warehouse: w, state: w/state}}', state lies inside the warehouse"
    })
    void projectsKeepTheRules(String catalogs, String message) throws IOException {
        Files.writeString(folder.resolve("firn.yaml"), "catalogs: " + catalogs + "\n");
        assertThatThrownBy(() -> Project.load(folder, Overrides.none()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aRestServersNameOfAWarehouseIsNoFolder() throws IOException {
        Files.writeString(
                folder.resolve("firn.yaml"),
                """
                catalogs:
                  a: {type: rest, uri: "https://h", warehouse: prod, state: "s3://bucket/state", kms-key: "arn:key"}
                """);

        CatalogDefinition catalog =
                Project.load(folder, Overrides.none()).catalogs().get("a");

        assertThat(catalog.warehouse()).isEqualTo("prod");
        assertThat(catalog.icebergProperties())
                .containsEntry("warehouse", "prod")
                .containsEntry("s3.sse.key", "arn:key");
    }

    @Test
    void aScheduleHasTheDefaultsOfItsSource() {
        assertThat(load(null).pipeline().schedule())
                .isEqualTo(new Schedule("5 0 * * *", "UTC", Duration.ofHours(6), null));
        Schedule own = load(
                        null,
                        "schedule.cron=15 2 * * mon-fri",
                        "schedule.timezone=Europe/Berlin",
                        "schedule.sla=90m",
                        "schedule.daily-volume=2500GB")
                .pipeline()
                .schedule();
        assertThat(own)
                .isEqualTo(new Schedule(
                        "15 2 * * mon-fri", "Europe/Berlin", Duration.ofMinutes(90), FileSize.parse("2500GB")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "schedule.cron=0 5 * *|is no cron: it has 4 fields instead of five",
                "schedule.cron=5 24 * * *|\"24\" is no hour (0 to 23)",
                "schedule.cron=5 0 * * mo|\"mo\" is no day of week",
                "schedule.cron=30-10 0 * * *|\"30-10\" is no minute",
                "schedule.cron=0 */0 * * *|\"*/0\" is no hour",
                "schedule.timezone=Berlin|\"Berlin\" is no time zone",
                "schedule.sla=6w|6w",
                "schedule.daily-volume=2.5TB|is no size"
            })
    void aScheduleKeepsTheRules(String setting, String message) {
        assertThatThrownBy(() -> load(null, setting))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jar: firn.jar|is no jar on S3",
                "project: s3://bucket/project|is no folder on S3",
                "results: /tmp/|is no folder on S3"
            })
    void emrNeedsPlacesOnS3(String wrong, String message) throws IOException {
        String emr = "{jar: s3://b/firn.jar, project: s3://b/project/, logs: s3://b/logs/, results: s3://b/results/, "
                + wrong + "}";
        String key = wrong.replaceFirst(":.*", "");
        Files.writeString(
                folder.resolve("firn.yaml"), "emr: " + emr.replaceFirst("([{ ])" + key + ": [^,}]*, ", "$1") + "\n");
        assertThatThrownBy(() -> Project.load(folder, Overrides.none()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        "PushEvent, push_event",
        "HTMLPage v2, html_page_v2",
        "page.view, page_view",
        "order-created, order_created",
        "2fa, _2fa",
        "alreadySnake_case, already_snake_case"
    })
    void namesOfTablesAreSnakeCase(String event, String table) {
        assertThat(Names.snake(event)).isEqualTo(table);
    }

    @Test
    void resolvedConfigurationShowsWhereValuesComeFromAndNoSecret() {
        String shown = ResolvedConfig.print(load("prod", "defaults.unknown-columns=fail"));
        assertThat(shown.lines().map(String::strip))
                .contains(
                        "pipeline: github-events  # " + file + ":2",
                        "path: \"s3://raw/{date}/\"  # profile prod " + file + ":28",
                        "max-line-bytes: 67108864  # default",
                        "mode: truncate-load  # profile prod " + file + ":29",
                        "unknown-columns: fail  # --set defaults.unknown-columns",
                        "max-quarantined: 0.01  # default",
                        "- name: id  # " + file + ":10",
                        "required: true  # " + file + ":10",
                        "table: lake.github.push_event  # default",
                        "jdbc.password: \"***\"  # " + folder + "/firn.yaml:7",
                        "jdbc.user: sa  # " + folder + "/firn.yaml:7 ${env:POND_USER:-sa}",
                        "state: \"s3://state\"  # profile prod " + folder + "/firn.yaml:10",
                        "state: " + folder + "/data/state  # default");
        assertThat(shown).doesNotContain("hunter2").doesNotContain("POND_PASSWORD");
    }

    @Test
    void resolvedConfigurationIsYamlOfTheSameMeaning() throws IOException {
        LoadedPipeline loaded = load();
        Path printed = Files.writeString(
                folder.resolve("printed.yaml"), ResolvedConfig.print(loaded).replaceAll("(?s)\ncatalogs:.*", "\n"));
        assertThat(Pipeline.load(printed, environment(null)).events()).isEqualTo(loaded.events());
    }

    @Test
    void nothingShowsASecretThatTheEnvironmentHolds() {
        LoadedPipeline loaded = load();
        assertThat(loaded.toString() + environment(null)).doesNotContain("hunter2");
        assertThatThrownBy(() -> load(
                        null,
                        "defaults.mode=\"${env:POND_PASSWORD}\"",
                        "events.fork.target.table=\"${env:POND_PASSWORD}.b\""))
                .hasMessageContaining("\"${env:POND_PASSWORD}\" is not one of append")
                .hasMessageContaining("table \"${env:POND_PASSWORD}.b\" needs three parts")
                .hasMessageNotContaining("hunter2");
    }

    private LoadedPipeline load(String profile, String... settings) {
        return Pipeline.load(file, environment(profile, settings));
    }

    private LoadedPipeline load() {
        return load(null);
    }

    private static Overrides environment(String profile, String... settings) {
        return new Overrides(profile, List.of(settings), Map.of("POND_PASSWORD", "hunter2"));
    }
}
