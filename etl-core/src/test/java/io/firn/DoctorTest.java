package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Diagnosis.Status;
import io.firn.config.Overrides;

/** Set-ups that are broken in one way each: the doctor names it and how it is mended, and leaves nothing behind. */
class DoctorTest {
    private static final String DUMP = "{type: json-dump, path: 'raw/{date}/', event-name: type}";
    private static final String TOPICS =
            "{type: debezium, brokers: '127.0.0.1:1', topic: a.b.c, settings: {default.api.timeout.ms: '1000',"
                    + " request.timeout.ms: '500'}}";
    private static final String REGISTRY =
            "{type: debezium, brokers: '127.0.0.1:1', topic: a.b.c, settings: {default.api.timeout.ms: '1000',"
                    + " request.timeout.ms: '500'}, format: {type: avro, registry: {type: confluent, url:"
                    + " 'http://127.0.0.1:2'}}}";

    @TempDir
    private Path folder;

    @BeforeEach
    void yesterdayIsThere() throws IOException {
        LocalDate yesterday = LocalDate.now(ZoneOffset.UTC).minusDays(1);
        Path day = Files.createDirectories(folder.resolve("raw/" + yesterday));
        Files.writeString(day.resolve("a.jsonl"), "{\"type\":\"A\",\"id\":1}\n");
        project("catalogs: {lake: {warehouse: lake/warehouse}}");
        pipeline(DUMP);
    }

    @Test
    void aSoundSetUpHasNothingToMendAndNothingIsLeftBehind() throws IOException {
        List<Diagnosis> found = examine();

        assertThat(found).allMatch(one -> one.status() == Status.OK && one.fix() == null);
        assertThat(found)
                .extracting(one -> one.check().replaceFirst(" [^ ]*(firn_doctor|lake/state).*", ""))
                .contains(
                        "catalog lake, namespace lake.shop",
                        "catalog lake, warehouse",
                        "catalog lake, state",
                        "clock",
                        "source of shop");
        assertThat(folder.resolve("lake/state")).isEmptyDirectory();
        try (var files = Files.walk(folder.resolve("lake/warehouse"))) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void yamlThatIsWrong() throws IOException {
        pipeline("{type: json-dump, pth: x}");
        assertBroken("pipeline ", "unknown key \"pth\"; did you mean \"path\"?", "mend the YAML; firn validate ");
    }

    @Test
    void aWarehouseThatCannotBeWrittenTo() throws IOException {
        Files.createDirectories(folder.resolve("lake"));
        Files.writeString(folder.resolve("lake/warehouse"), "a file");
        project("catalogs: {lake: {uri: 'jdbc:sqlite:catalog.db', warehouse: lake/warehouse, state: state}}");
        assertBroken(
                "catalog lake, namespace lake.shop",
                "cannot create a table: ",
                "give this process's role glue:CreateTable and glue:CreateDatabase");
    }

    @Test
    void aStateThatCannotBeWrittenTo() throws IOException {
        Files.createDirectories(folder.resolve("lake"));
        Files.writeString(folder.resolve("lake/state"), "a file");
        assertBroken("catalog lake, state ", "cannot put an object: ", "s3:PutObject, with kms:GenerateDataKey");
    }

    @Test
    void aSecretThatIsNotSet() throws IOException {
        project("catalogs: {lake: {type: rest, uri: 'http://127.0.0.1:3', warehouse: w, state: s, properties: {token:"
                + " '${secret:env:FIRN_NOT_SET}'}}}");
        assertBroken("catalog lake", "environment variable FIRN_NOT_SET is not set", "set what the secret refers to");
    }

    @Test
    void aCatalogThatDoesNotAnswer() throws IOException {
        project("catalogs: {lake: {type: rest, uri: 'http://127.0.0.1:3', warehouse: w, state: s, properties:"
                + " {rest.client.max-retries: 1}}}");
        assertBroken(
                "catalog lake", "catalog lake at http://127.0.0.1:3", "look at type, uri, warehouse and properties");
    }

    @Test
    void brokersThatDoNotAnswer() throws IOException {
        pipeline(TOPICS);
        assertBroken("source of shop", "127.0.0.1:1", "look at brokers and settings of the source");
    }

    @Test
    void aRegistryThatDoesNotAnswer() throws IOException {
        pipeline(REGISTRY);
        assertBroken("registry of shop", "http://127.0.0.1:2 cannot be asked", "look at format.registry: its url");
    }

    @Test
    void aDumpThatIsNotThere() throws IOException {
        pipeline("{type: json-dump, path: 'elsewhere/{date}/', event-name: type}");
        assertThat(examine())
                .filteredOn(one -> one.status() == Status.WARNING)
                .singleElement()
                .satisfies(one -> assertThat(one.check()).isEqualTo("source of shop"))
                .satisfies(one -> assertThat(one.found()).contains("no files for ", "elsewhere/"))
                .satisfies(one -> assertThat(one.fix()).contains("look at source.path"));
    }

    @Test
    void versionsThatFirnWasNotBuiltFor() {
        assertThat(Diagnosis.java(11, 17).fix()).contains("install a JDK 17");
        assertThat(Diagnosis.java(21, 17).status()).isEqualTo(Status.OK);
        Diagnosis old = Diagnosis.version("Spark", "3.5.8", "4.1.1");
        assertThat(old.found()).isEqualTo("3.5.8, Firn was built for 4.1.1");
        assertThat(old.fix()).contains("run on emr-spark-8.1.0 or later", "Spark 4.1");
        assertThat(Diagnosis.version("Spark", "4.1.3-amzn-0", "4.1.1").status()).isEqualTo(Status.OK);
        assertThat(Diagnosis.version("Spark", "4.10.0", "4.1.1").status()).isEqualTo(Status.FAILED);
        assertThat(Diagnosis.version("Scala", "2.13.17", "2.13").status()).isEqualTo(Status.OK);
        assertThat(Diagnosis.version("Iceberg", null, "1.11.0").found()).startsWith("not found");
    }

    @Test
    void aClockThatIsWrong() {
        Diagnosis behind = Diagnosis.clock(90_000, Duration.ofMinutes(1));
        assertThat(behind.found()).isEqualTo("90.0 s behind the store's");
        assertThat(behind.fix()).startsWith("let chrony");
        assertThat(Diagnosis.clock(-59_000, Duration.ofMinutes(1)).status()).isEqualTo(Status.OK);
    }

    private void assertBroken(String check, String found, String fix) {
        assertThat(examine()).filteredOn(one -> one.status() == Status.FAILED).anySatisfy(one -> {
            assertThat(one.check()).startsWith(check);
            assertThat(one.found()).contains(found);
            assertThat(one.fix()).contains(fix);
        });
    }

    private List<Diagnosis> examine() {
        return Doctor.examine(folder, List.of(), Overrides.none());
    }

    private void project(String yaml) throws IOException {
        Files.writeString(folder.resolve("firn.yaml"), yaml + "\n");
    }

    private void pipeline(String source) throws IOException {
        String events = source.contains("json-dump") ? "events: {A: {columns: [{name: id, type: long}]}}\n" : "";
        Files.writeString(folder.resolve("shop.yaml"), "pipeline: shop\nsource: " + source + "\n" + events);
    }
}
