package io.firn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.config.Overrides;
import io.firn.config.Problem;

/** Every mistake of a file is told at once, where it stands and in words for people. */
class PipelineProblemsTest {
    private static final String HEAD =
            """
            pipeline: p
            source: {type: json-dump, path: "raw/{date}/", event-name: type, event-time: at}
            """;

    @TempDir
    private Path folder;

    @Test
    void tenMistakesAreTenMessages() throws IOException {
        assertThat(
                        problems(
                                """
                        # ten mistakes
                        pipeline: GitHub Events
                        catalog: lakee
                        source: {type: json-dump, path: raw/, event-name: type}
                        defaults:
                          modee: append
                          mode: upsertt
                        events:
                          PushEvent:
                            columns:
                              - {name: id, type: strng}
                              - {name: size, type: int, requird: true}
                              - {name: size, type: int}
                              - {name: at, type: date, format: epoch-millis}
                            target:
                              partition-by: ["hour(at)", "day(sise)"]
                          ForkEvent:
                            columns: none
                        """))
                .containsExactly(
                        "2:11: \"GitHub Events\" is no name of a pipeline; use a-z, 0-9 and -, starting with a letter",
                        "3:10: unknown catalog \"lakee\"; did you mean \"lake\"?",
                        "4:33: path has no {date}, so every day would load the same files; write {date}, or {yyyy},"
                                + " {MM} and {dd}, or the one day that the files are of under \"date\"",
                        "6:3: unknown key \"modee\"; did you mean \"mode\"?",
                        "7:9: \"upsertt\" is not one of append, truncate-load, upsert; did you mean \"upsert\"?",
                        "11:26: type 'strng': unknown type 'strng'; valid types are boolean, int, long, float, double,"
                                + " date, timestamp, timestamptz, string, uuid, binary, decimal(precision,scale),"
                                + " fixed[length], struct<name: type, ...>, list<type>, map<string, type>",
                        "12:33: unknown key \"requird\"; did you mean \"required\"?",
                        "13:16: column \"size\" stands twice (names are compared without case)",
                        "14:40: format epoch-millis does not fit type date; it is for timestamp and timestamptz",
                        "16:22: partition field hour(at): hour does not take type date; it takes timestamp and"
                                + " timestamptz",
                        "16:34: unknown column \"sise\"; did you mean \"size\"?",
                        "18:14: expected a list, found the string \"none\"");
    }

    @Test
    void onlyLinesOfDumpsCanWaitForColumns() throws IOException {
        assertThat(
                        problems(
                                """
                        pipeline: p
                        source: {type: kafka, brokers: "b:1", topic: t, event-name: type}
                        defaults: {unknown-columns: evolve, on-type-change: fail}
                        events:
                          A:
                            on-type-change: new-column
                            columns:
                              - {name: id, type: long, on-type-change: fail}
                          B:
                            unknown-columns: evolve
                            columns:
                              - {name: id, type: long, on-type-change: quarantine}
                        """))
                .containsExactly(
                        "3:29: unknown-columns: evolve is for dumps; fields of messages may be reported, kept in one"
                                + " column, or refused",
                        "3:53: plain messages whose values changed their type can only be quarantined; write"
                                + " on-type-change: quarantine, or leave it out",
                        "6:21: plain messages whose values changed their type can only be quarantined; write"
                                + " on-type-change: quarantine, or leave it out",
                        "8:48: plain messages whose values changed their type can only be quarantined; write"
                                + " on-type-change: quarantine, or leave it out",
                        "10:22: unknown-columns: evolve is for dumps; fields of messages may be reported, kept in one"
                                + " column, or refused");
        assertThat(
                        problems(
                                """
                        pipeline: p
                        source: {type: debezium, brokers: "b:1", topic: t}
                        defaults: {unknown-columns: evolve}
                        events:
                          t:
                            columns:
                              - {name: id, type: long}
                            target: {mode: append}
                        """))
                .containsExactly("3:29: unknown-columns: evolve is for dumps; tables of changes follow the source's"
                        + " columns by themselves");
    }

    @Test
    void missingKeysAreReportedAtTheirParent() throws IOException {
        assertThat(
                        problems(
                                """
                        pipeline: p
                        source:
                          type: json-dump
                          path: "{date}"
                        events:
                          A:
                            columns:
                              - name: a
                              - {type: int}
                          B:
                        """))
                .containsExactly(
                        "2:1: missing key \"event-name\"",
                        "8:9: missing key \"type\"",
                        "9:9: missing key \"name\"",
                        "10:3: expected a mapping (key: value), found nothing");
    }

    @Test
    void kindsAreCheckedByTheirOwnKeysOnly() throws IOException {
        assertThat(
                        problems(
                                HEAD
                                        + """
                        events:
                          A:
                            columns: [{name: a, type: int}]
                            transforms:
                              - {type: renam, column: a, to: b}
                              - {type: rename, column: a, too: b}
                              - {column: a}
                              - {type: drop, names: a}
                        """))
                .containsExactly(
                        "7:16: \"renam\" is not one of rename, cast, derive, drop, keep, filter, extract; did you mean"
                                + " \"rename\"?",
                        "8:9: missing key \"to\"",
                        "8:35: unknown key \"too\"; did you mean \"to\"?",
                        "9:9: missing key \"type\"",
                        "10:29: expected a list, found the string \"a\"");
    }

    @Test
    void columnsKeepTheRules() throws IOException {
        assertThat(
                        problems(
                                HEAD
                                        + """
                        events:
                          A:
                            columns:
                              - {name: firn_file, type: string}
                              - {name: a, type: int, format: json}
                              - {name: b, type: string, format: base64}
                              - {name: c, type: string, format: uuuu-MM-dd}
                              - {name: d, type: date, format: yyyy-MM-dd}
                              - {name: e, type: timestamptz, format: "uuuu-MM-dd HH:mm"}
                              - {name: f, type: date, format: "uuuu-bb"}
                              - {name: G, type: "list<binary>", format: hex}
                              - {name: g, type: "decimal(40,2)"}
                              - {name: " ", type: int, path: a..b}
                        """))
                .containsExactly(
                        "6:16: column \"firn_file\": names that start with firn_ are Firn's own; choose another and"
                                + " name the key with \"path\"",
                        "7:38: format json does not fit type int; it is for string",
                        "8:41: format base64 does not fit type string; it is for binary and fixed",
                        "9:41: format a pattern of times does not fit type string; it is for date, timestamp and"
                                + " timestamptz",
                        "10:39: pattern \"yyyy-MM-dd\": y is the year of an era, which is not given; write uuuu for"
                                + " the year",
                        "11:46: pattern \"uuuu-MM-dd HH:mm\" has no offset, which timestamptz needs; add one, such as"
                                + " XXX, or make the type timestamp",
                        "12:39: format 'uuuu-bb' is neither iso, epoch-seconds, epoch-millis, epoch-micros, epoch-nanos,"
                                + " base64, hex, json nor a"
                                + " pattern such as \"uuuu-MM-dd HH:mm:ss\" (Unknown pattern letter: b)",
                        "14:16: column \"g\" stands twice (names are compared without case)",
                        "14:25: type 'decimal(40,2)': decimal(precision,scale) needs 1 <= precision <= 38 and scale"
                                + " <= precision",
                        "15:16: a column needs a name",
                        "15:38: path 'a..b': a key is empty; write keys joined by dots, a.b.c");
    }

    @Test
    void targetsKeepTheRules() throws IOException {
        Files.writeString(folder.resolve("firn.yaml"), "catalogs: {lake: {warehouse: lake/warehouse}}\n");
        assertThat(
                        problems(
                                HEAD
                                        + """
                        defaults: {namespace: a-b, max-quarantined: 1.5}
                        events:
                          A:
                            columns:
                              - {name: id, type: double}
                              - {name: s, type: "struct<x: int, at: timestamptz>"}
                              - {name: at, type: timestamptz}
                            target:
                              table: lake.x.a
                              location: lake/state/a
                              partition-by: ["bucket(4, id)", "truncate(2, at)", s, day(s.at), hour(s.y), month(at), day(at), week(at)]
                              sort-by: [s, idd, at up]
                              id-columns: [id, nothing-like-it]
                          B:
                            columns: [{name: id, type: int}]
                            target: {table: lake.x.a, location: /tmp/t}
                          C:
                            columns: [{name: id, type: int}]
                            target: {table: pond.x.a, location: /tmp/t/c/}
                          D:
                            columns: []
                            target: {table: x.a}
                        """))
                .containsExactly(
                        "3:23: namespace \"a-b\" is not a name; use letters, digits and _, levels joined by .",
                        "3:45: max-quarantined 1.5 is out of range; write a count of lines (0, 100) or a share of them"
                                + " between 0.0 and 1.0 (0.01)",
                        "12:17: location overlaps Firn's state folder <here>/lake/state, where orphan removal would"
                                + " delete ledgers; choose another",
                        "13:22: partition field bucket(4, id): bucket does not take type double; it takes int, long,"
                                + " decimal, date, timestamp, timestamptz, string, uuid, fixed and binary",
                        "13:39: partition field truncate(2, at): truncate does not take type timestamptz; it takes"
                                + " int, long, decimal, string and binary",
                        "13:58: partition field s: identity does not take type struct<x: int, at: timestamptz>; it"
                                + " takes single values",
                        "13:72: unknown field \"y\"; there are x, at",
                        "13:94: column \"at\" is already partitioned that way; keep one of them",
                        "13:103: partition field \"week(at)\": unknown transform \"week\"; write a column, or year,"
                                + " month, day, hour(column), bucket(n, column), truncate(width, column)",
                        "14:17: a table cannot be sorted by a value of type struct<x: int, at: timestamptz>",
                        "14:20: unknown column \"idd\"; did you mean \"id\"?",
                        "14:25: sort field \"at up\": write a column, or \"column desc\"",
                        "15:20: a column of type double cannot name a row",
                        "15:24: unknown column \"nothing-like-it\"; there are id, s, at",
                        "18:21: table lake.x.a is already the target of event \"A\"; name another under target.table",
                        "21:21: unknown catalog \"pond\"; there are lake",
                        "21:41: location overlaps that of event \"B\"; each table needs its own folder",
                        "23:5: no column is listed; name at least one",
                        "24:21: table \"x.a\" needs three parts, catalog.namespace.table, such as"
                                + " lake.github.push_event");
    }

    @Test
    void whatOnlyDatabasesTellIsNotForDumps() throws IOException {
        assertThat(
                        problems(
                                HEAD
                                        + """
                        events:
                          A:
                            columns: [{name: id, type: int}]
                            target: {deletes: soft, backfill-default: true}
                        """))
                .containsExactly(
                        "6:23: \"deletes\" is for changes of a database that are upserted",
                        "6:47: \"backfill-default\" is for changes of a database: only those tell defaults");
    }

    @Test
    void onlyMessagesWithASchemaTellTheColumnsOfAnEvent() throws IOException {
        String changes =
                """
                pipeline: p
                source: {type: debezium, brokers: "k:9092", topic: s.item%s}
                events:
                  s.item: {target: {write-mode: copy-on-write}}
                """;
        String dump =
                """
                pipeline: p
                source: {type: json-dump, path: "{date}", event-name: type}
                events:
                  A: {target: {write-mode: copy-on-write}}
                """;

        assertThat(problems(changes.formatted(""))).isEmpty();
        assertThat(problems(changes.formatted(", format: {schemas: none}")))
                .containsExactly(
                        "4:3: no column is listed; name at least one",
                        "4:12: mode upsert needs \"id-columns\", which name a row");
        assertThat(problems(dump)).containsExactly("4:3: no column is listed; name at least one");
    }

    @Test
    void brokersAreAddressesOrASecret() throws IOException {
        String yaml =
                """
                pipeline: p
                source: {type: debezium, topic: A, brokers: "%s"}
                """;

        assertThat(problems(yaml.formatted("k1:9092, k2:9092"))).isEmpty();
        assertThat(problems(yaml.formatted("${secret:env:KAFKA_BROKERS}"))).isEmpty();
        assertThat(problems(yaml.formatted("k1")))
                .containsExactly("2:45: brokers are written as host:port, several joined by commas");
    }

    @Test
    void aRegistryFitsItsFormat() throws IOException {
        String yaml =
                """
                pipeline: p
                source:
                  type: debezium
                  brokers: "b:1"
                  topic: A
                  format: %s
                """;

        assertThat(problems(yaml.formatted("{registry: {type: confluent, url: 'https://r.example.com/x'}}")))
                .isEmpty();
        assertThat(problems(yaml.formatted("{type: json, registry: {type: files, path: schemas}}")))
                .isEmpty();
        assertThat(problems(yaml.formatted("{type: avro}")))
                .containsExactly("6:18: Avro cannot be read without its schemas; say which registry has them");
        assertThat(problems(yaml.formatted("{schemas: none, registry: {type: files, path: s}}")))
                .contains("6:21: messages whose schemas are in a registry carry their ids alone; leave out schemas");
        assertThat(problems(yaml.formatted(
                        "{registry: {type: confluent, url: 'ftp://u:p@r', user: u, token: '${secret:env:T}'}}")))
                .containsExactly(
                        "6:12: user and password belong together",
                        "6:45: url is the address of a registry, such as https://registry.example.com",
                        "6:45: url must not hold a user or a password; write them under user and password",
                        "6:76: a registry is asked with a user or with a token, not with both");
        assertThat(problems(yaml.formatted("{registry: {type: confluence, url: 'https://r'}}")))
                .singleElement()
                .asString()
                .contains("did you mean \"confluent\"");
        assertThat(problems(yaml.formatted("{registry: {type: confluent}}")))
                .singleElement()
                .asString()
                .contains("\"url\"");
    }

    @Test
    void aPipelineNeedsEventsAndASensibleLineLength() throws IOException {
        assertThat(
                        problems(
                                """
                        pipeline: p
                        source: {type: json-dump, path: "{date}", event-name: type, max-line-bytes: 10}
                        events: {}
                        """))
                .containsExactly(
                        "2:77: max-line-bytes is 10; it must lie between 1024 and 1073741824",
                        "3:1: no event is listed, so nothing would be loaded; name at least one");
    }

    @Test
    void theQuarantineIsNoTarget() throws IOException {
        assertThat(
                        problems(
                                HEAD
                                        + """
                        events:
                          A:
                            columns: [{name: a, type: int}]
                            target: {table: lake.p.firn_quarantine}
                        """))
                .containsExactly(
                        "6:21: table lake.p.firn_quarantine has the name of the quarantine, where refused lines"
                                + " go; name another under target.table");
    }

    @Test
    void pipelinesOfOneNameAreReportedAtTheSecond() throws IOException {
        String yaml = HEAD + "events: {A: {columns: [{name: a, type: int}]}}\n";
        Path first = Files.writeString(folder.resolve("a.yaml"), yaml);
        Path second = Files.writeString(folder.resolve("b.yaml"), yaml);
        assertThat(Config.validate(List.of(first, second), Overrides.none()))
                .extracting(Problem::toString)
                .containsExactly(second + ":1:11: pipeline \"p\" is also the name of " + first
                        + "; tables remember loads by this name, so each needs its own");
    }

    @Test
    void problemsOfAllFilesComeTogetherAndOfASharedProjectOnce() throws IOException {
        Path project = Files.writeString(folder.resolve("firn.yaml"), "catalogs: {lake: {type: hadoop}}\n");
        String yaml = HEAD + "events: {A: {columns: [{name: a, type: in}]}}\n";
        Path first = Files.writeString(folder.resolve("a.yaml"), yaml);
        Path second = Files.writeString(folder.resolve("b.yaml"), yaml.replace("pipeline: p", "pipeline: q"));
        Path missing = folder.resolve("c.yaml");
        assertThat(Config.validate(List.of(first, second, missing, project), Overrides.none()))
                .extracting(problem -> problem.file() + ":" + problem.line() + ":" + problem.column())
                .containsExactly(first + ":3:40", second + ":3:40", missing + ":1:1", project + ":1:25");
    }

    private List<String> problems(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), yaml);
        return Config.validate(List.of(file), Overrides.none()).stream()
                .map(problem -> problem.toString().replace(file + ":", "").replace(folder.toString(), "<here>"))
                .toList();
    }
}
