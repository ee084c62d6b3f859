package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer types, in order, in an empty folder: the launcher, the packaged jar, a process each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
class LauncherTest {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
    private static final String PIPELINE =
            HOME.resolve("etl-jobs/pipelines/github-events.yaml").toString();
    private static final String DAY = "2021-07-21";

    @TempDir
    static Path folder;

    /** What a command printed and how it ended. */
    record Ended(int exit, String out, String err) {}

    @BeforeAll
    void theJarIsBuilt() {
        assertThat(HOME.resolve("etl-jobs/target/firn.jar")).exists();
    }

    @Test
    @Order(1)
    void planTellsOfTablesAndWritesNothing() {
        Ended plan = firn("plan", PIPELINE, "--date", DAY, "--detailed-exitcode");

        assertThat(plan.exit()).as(plan.err()).isEqualTo(6);
        assertThat(plan.out())
                .contains("2 of 2 files to read")
                .contains("lake.github.push_event (new)")
                .contains("  + commits list<struct<sha: string, author: struct<name: string, email: string>");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    @Order(2)
    void quickstartLoadsTheDayAndShowsIt() {
        Ended quickstart = firn("quickstart");

        assertThat(quickstart.exit()).as(quickstart.err()).isZero();
        assertThat(quickstart.out())
                .contains("808 lines = 800 loaded + 8 quarantined + 0 not listed")
                .contains("vpnsuperapp/fast")
                .contains("PushEvent    bad-lines.jsonl            2  size         expected int, found string")
                .contains("firn sql");
        assertThat(quickstart.err()).isEmpty();
    }

    @Test
    @Order(3)
    void sqlPrintsJson() {
        Ended sql = firn("sql", "--output", "json", "select count(*) n from lake.github.push_event");

        assertThat(sql.out()).isEqualTo("[{\"n\":425}]\n");
        assertThat(sql.err()).isEmpty();
        assertThat(sql.exit()).isZero();
    }

    @Test
    @Order(4)
    void aRerunAddsNothingAndSaysSoInJson() {
        Ended run = firn("run", PIPELINE, "--date", DAY, "--output", "json");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("\"lines\":{\"read\":0,\"loaded\":0")
                .contains("\"outcome\":\"NOTHING_NEW\"")
                .contains("\"exit\":\"OK\"");
        assertThat(firn("plan", PIPELINE, "--date", DAY, "--detailed-exitcode").exit())
                .isZero();
    }

    @Test
    @Order(4)
    void historyTellsWhoMadeATableAndFromWhat() {
        Ended history = firn("history", "github.watch_event");

        assertThat(history.exit()).as(history.err()).isZero();
        assertThat(history.out())
                .startsWith("lake.github.watch_event\n\nchanged ")
                .containsPattern("(?m)^\\d{4}-\\S+Z +0  github-events, run \\S+  github-events.yaml  create the table$")
                .containsPattern("(?m)^ +add id string$");
        assertThat(firn("history", "lake.github.watch_event", "--output", "json")
                        .out())
                .startsWith("{\"table\":\"lake.github.watch_event\",\"whole\":true,\"changes\":[{\"when\":\"")
                .contains("\"by\":\"RUN\"", "\"source\":\"github-events.yaml\"", "\"add id string\"");
        Ended none = firn("history", "github.nothing");
        assertThat(none.err()).startsWith("firn: there is no table lake.github.nothing;");
        assertThat(none.exit()).isEqualTo(2);
    }

    @Test
    @Order(5)
    void verifyAndRollbackKeepDataAndLedgerTogether() {
        Ended verify = firn("verify", "lake.github.watch_event");
        assertThat(verify.out()).contains("58 rows", "unique", "as the ledger says");
        assertThat(verify.exit()).isZero();
        String versions = firn("rollback", "lake.github.watch_event").out();
        String empty = versions.lines()
                .filter(line -> line.contains("  0  "))
                .findFirst()
                .orElseThrow();

        Ended back = firn("rollback", "lake.github.watch_event", "--to", empty.split(" ")[0]);

        assertThat(back.exit()).as(back.err()).isZero();
        assertThat(firn("status", PIPELINE).out()).containsPattern("lake.github.watch_event +0 ");
        Ended again = firn("run", PIPELINE, "--date", DAY);
        assertThat(again.out()).contains("58 loaded").containsPattern("WatchEvent .* published +61 +58 +3");
    }

    @Test
    @Order(6)
    void initWritesAPipelineThatLoadsEveryLine() {
        String sample = HOME.resolve("etl-jobs/quickstart/dump/2021-07-21/github-events.jsonl.gz")
                .toString();
        Ended init = firn("init", sample, "--name", "mine");

        assertThat(init.out())
                .contains("mine.yaml: 15 events, from 800 lines")
                .contains("firn run mine.yaml --date " + DAY);
        Ended valid = firn("validate", "mine.yaml");
        assertThat(valid.out()).isEqualTo("mine.yaml is valid\n");
        assertThat(firn("run", "mine.yaml", "--date", DAY).out())
                .contains("800 lines = 800 loaded + 0 quarantined + 0 not listed");
        assertThat(firn("init", sample, "--name", "mine").err()).contains("mine.yaml exists");
        assertThat(firn("init").err()).isEqualTo("firn: name either a SAMPLE, or a --topic with its --brokers\n");
        Ended secret = firn("init", "--topic", "t", "--brokers", "b:1", "--setting", "sasl.jaas.config=open");
        assertThat(secret.err())
                .startsWith("firn: --setting sasl.jaas.config would be written into the pipeline's file as it is;");
        assertThat(secret.exit()).isEqualTo(2);
    }

    @Test
    @Order(7)
    void aMistakeIsToldWithoutAStackTrace() throws IOException {
        Files.writeString(
                folder.resolve("bad.yaml"),
                """
                pipeline: Shop
                source: {type: json-dump, path: "raw/{date}/", event-nam: type}
                defaults: {mode: upsertt, max-quarantined: 1.5}
                events:
                  OrderPlaced:
                    columns:
                      - {name: id, type: strng}
                      - {name: at, type: timestamptz}
                      - {name: at, type: date}
                    target: {table: order_placed, partition-by: ["day(att)"], id-colums: [id]}
                """);

        Ended validate = firn("validate", "bad.yaml");

        assertThat(validate.exit()).isEqualTo(2);
        assertThat(validate.out().lines().map(line -> line.replaceFirst("^(bad.yaml:\\d+:\\d+): .*", "$1")))
                .containsExactly(
                        "bad.yaml:1:11",
                        "bad.yaml:2:1",
                        "bad.yaml:2:48",
                        "bad.yaml:3:18",
                        "bad.yaml:3:44",
                        "bad.yaml:7:26",
                        "bad.yaml:9:16",
                        "bad.yaml:10:21",
                        "bad.yaml:10:50",
                        "bad.yaml:10:63");
        assertThat(firn("run", "bad.yaml").exit()).isEqualTo(2);
        failsPlainly(2, "there is no file none.yaml", "run", "none.yaml");
        failsPlainly(4, "no files at", "run", PIPELINE, "--date", "2021-07-22");
        failsPlainly(2, "TABLE_OR_VIEW_NOT_FOUND", "sql", "select * from lake.github.nothing");
        failsPlainly(2, "needs three parts", "verify", "push_event");
    }

    @Test
    @Order(8)
    void everyValueOfTheConfigurationSaysWhereItComesFrom() {
        Ended shown = firn("config", "show", "--resolved", PIPELINE, "--set", "defaults.max-quarantined=7");

        assertThat(shown.out())
                .containsPattern("max-quarantined: 7 +# --set")
                .containsPattern("namespace: \"?github\"? +# .*github-events.yaml:\\d+");
    }

    @Test
    @Order(9)
    void tablesAreMadeWhatTheirFilesSay() throws IOException {
        Files.createDirectories(folder.resolve("ddl/shop"));
        Path orders = folder.resolve("ddl/shop/orders.yaml");
        Files.writeString(orders, "columns:\n  - {name: id, type: int}\n  - {name: note, type: string}\n");

        assertThat(firn("plan", "--detailed-exitcode").exit()).isEqualTo(6);
        assertThat(firn("apply").out()).startsWith("lake.shop.orders  created\n");
        assertThat(firn("plan", "shop.orders", "--detailed-exitcode").out())
                .isEqualTo("lake.shop.orders  as its definition says\n");

        Files.writeString(orders, "columns:\n  - {name: id, type: long}\n");
        Ended refused = firn("apply", "ddl/shop");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out())
                .contains("! destructive: drop note string with all its values")
                .contains("--allow-destructive");
        assertThat(firn("apply", "--allow-destructive", "--output", "json").out())
                .contains("{\"kind\":\"widen-column\",\"text\":\"widen id from int to long\",\"effect\":\"SAFE\"}")
                .contains("{\"kind\":\"drop-column\"");
        assertThat(firn("ddl", "--dialect", "athena").out()).contains("CREATE TABLE `shop`.`orders` (");
    }

    @Test
    @Order(10)
    void tablesAreKeptAndAPageTellsOfIt() throws IOException {
        assertThat(firn("health", "github.push_event").out())
                .startsWith("lake.github.push_event (format 2)\n  425 rows stored, 0 of them deleted (0.0 %); ")
                .contains("compaction: no rewrite is worth it");
        Ended dry = firn("maintain", "all", "github", "--dry-run");
        assertThat(dry.exit()).as(dry.err()).isZero();
        assertThat(dry.out())
                .contains("lake.github.watch_event\n  compute-statistics")
                .contains("would count the distinct values of");

        Ended all = firn("maintain", "all", PIPELINE, "--max-bytes", "1GB", "--report", "reports/upkeep.html");

        assertThat(all.exit()).as(all.err()).isZero();
        assertThat(all.err()).isEqualTo("the report is in reports/upkeep.html\n");
        assertThat(Files.readString(folder.resolve("reports/upkeep.html")))
                .startsWith("<!doctype html>")
                .contains("<h2>lake.github.push_event</h2>", "<h2>lake.github.firn_quarantine</h2>", "</html>")
                .doesNotContain("http");
        assertThat(firn("maintain", "compact", "github.push_event", "--output", "json")
                        .out())
                .contains("\"verb\":\"compact\"", "\"status\":\"NOTHING_TO_DO\"");
        failsPlainly(2, "there is neither a table nor a namespace github.nothing", "maintain", "all", "github.nothing");
        failsPlainly(2, "maintain what? compact, expire-snapshots, ... or all", "maintain");
        failsPlainly(2, "\"5 apples\" is no size", "maintain", "compact", "--max-bytes", "5 apples");
    }

    @Test
    @Order(11)
    void theDefinitionOfALoadedTableIsImportedAndFits() {
        Ended imported = firn("ddl", "--import", "lake.github.push_event");

        assertThat(imported.out()).as(imported.err()).startsWith("ddl/github/push_event.yaml: ");
        assertThat(firn("plan", "ddl/github").out()).isEqualTo("lake.github.push_event  as its definition says\n");
        assertThat(firn("ddl", "--import", "lake.github.push_event").err()).contains("overwrite it with --force");
    }

    private void failsPlainly(int exit, String message, String... command) {
        Ended failed = firn(command);
        assertThat(failed.exit()).as(failed.err()).isEqualTo(exit);
        assertThat(failed.err()).contains(message).doesNotContain("\tat ");
        assertThat(failed.out()).isEmpty();
    }

    @Test
    @Order(90)
    void aProjectElsewhereIsReadAndTheResultWrittenWhereItIsAskedFor(@TempDir Path elsewhere) throws IOException {
        Path project = Files.createDirectories(elsewhere.resolve("project/pipelines"));
        String lake = elsewhere.resolve("lake/warehouse").toString();
        Files.writeString(
                project.resolveSibling("firn.yaml"),
                "catalogs: {lake: {warehouse: " + lake + "}}\nprofiles: {here: {catalogs: {lake: {warehouse: w}}}}\n");
        String dump = HOME.resolve("etl-jobs/quickstart/dump/{date}/").toString();
        Files.writeString(
                project.resolve("github.yaml"),
                Files.readString(Path.of(PIPELINE)).replaceFirst("(?m)^  path: .*$", "  path: \"" + dump + "\""));
        String from = project.getParent().toUri().toString();
        Path result = elsewhere.resolve("results/1/run-result.json");

        Ended run =
                firn("run", "pipelines/github.yaml", "--date", DAY, "--project", from, "--result", result.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(result).content().contains("\"exit\" : 0", "\"code\" : \"OK\"", "\"loaded\" : 800");
        assertThat(result.getParent()).isDirectoryNotContaining(file -> !file.equals(result));

        Ended relative = firn(
                "run", "pipelines/github.yaml", "--profile", "here", "--project", from, "--result", result.toString());
        assertThat(relative.exit()).isEqualTo(2);
        assertThat(result)
                .content()
                .contains("\"exit\" : 2", "catalog lake: its warehouse is relative, and the project " + from);
        Ended usage = firn("run", "pipelines/github.yaml", "--dat", DAY, "--result=" + result);
        assertThat(usage.exit()).isEqualTo(2);
        assertThat(result).content().contains("Unknown options: '--dat', '2021-07-21'");
        Ended nothing = firn("validate", "x.yaml", "--project", elsewhere.toUri() + "none/");
        assertThat(nothing.err()).contains("firn: the project " + elsewhere.toUri() + "none/ cannot be read: ");
        assertThat(nothing.exit()).isEqualTo(4);
    }

    /** The heap and other collectors are the user's to choose. */
    @Test
    @Order(91)
    void flagsOfTheUserWin() {
        Ended version = launch(
                HOME.resolve("firn"), Map.of("FIRN_JAVA_OPTS", "-XX:+UseSerialGC -Xmx100m -Xlog:gc+init"), "version");

        assertThat(version.exit()).as(version.err()).isZero();
        assertThat(version.out()).contains("Heap Max Capacity: 100M").contains("Iceberg");
    }

    @Test
    @Order(92)
    void aReleaseHandsTheUsersFlagsToSparkSubmit(@TempDir Path release) throws IOException {
        Path firn = Files.copy(HOME.resolve("firn"), release.resolve("firn"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(release.resolve("firn.jar"));
        Path submit = release.resolve("spark/bin/spark-submit");
        Files.createDirectories(submit.getParent());
        Files.writeString(submit, "#!/bin/sh\nprintf '%s\\n' \"$SPARK_SUBMIT_OPTS\" \"$@\"\n");
        assertThat(submit.toFile().setExecutable(true)).isTrue();
        String home = release.toRealPath().toString();

        Ended plain = launch(
                firn,
                Map.of(
                        "SPARK_HOME",
                        release.resolve("spark").toString(),
                        "SPARK_SUBMIT_OPTS",
                        "-Da=b",
                        "FIRN_JAVA_OPTS",
                        ""),
                "version");
        Ended all = launch(
                firn,
                Map.of(
                        "SPARK_HOME", release.resolve("spark").toString(),
                        "FIRN_JAVA_OPTS", "-Xmx8g -Dc=d",
                        "FIRN_JARS", "a.jar:b.jar",
                        "FIRN_LOG", "info"),
                "run",
                "p.yaml");

        assertThat(plain.out().lines())
                .containsExactly(
                        "-Da=b -Dfirn.home=\"" + home + "\"",
                        "--class",
                        "io.firn.jobs.Firn",
                        home + "/firn.jar",
                        "version");
        assertThat(all.out().lines().skip(1))
                .containsExactly(
                        "--class",
                        "io.firn.jobs.Firn",
                        "--driver-memory",
                        "8g",
                        "--jars",
                        "a.jar,b.jar",
                        home + "/firn.jar",
                        "run",
                        "p.yaml");
        assertThat(all.out().lines().findFirst().orElseThrow())
                .contains("-Dlog4j2.configurationFile=")
                .endsWith(" -Dc=d");
    }

    private Ended firn(String... arguments) {
        return launch(HOME.resolve("firn"), Map.of(), arguments);
    }

    private static Ended launch(Path firn, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(firn.toString()));
        command.addAll(List.of(arguments));
        Path out = HOME.resolve("tests/target/launcher.out");
        Path err = HOME.resolve("tests/target/launcher.err");
        try {
            ProcessBuilder process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            process.environment().putAll(environment);
            int exit = process.start().waitFor();
            return new Ended(exit, Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
