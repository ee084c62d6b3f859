package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.Catalogs;
import io.firn.Erasure;
import io.firn.Erasure.Refs;
import io.firn.Erasure.Request;
import io.firn.ErasureReport;
import io.firn.ErasureResult;
import io.firn.ErasureResult.Outcome;
import io.firn.ErasureResult.Part;
import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.TableCheck;
import io.firn.config.Overrides;
import io.firn.maintain.Verb.Execution;
import io.firn.table.LakeTable;
import io.firn.table.TableName;

/** A hundred subjects leave a lake: every file that is left is read without Iceberg, and holds none of them. */
@ExtendWith(SparkExtension.class)
class ErasureTest {
    static final Pattern SUBJECT = Pattern.compile("subject-[0-9]{5}");
    private static final int USERS = 250;
    private static final int SUBJECTS = 100;
    private static final List<String> MERGED = List.of("deltas", "copies");
    static final String YAML =
            """
            pipeline: shop
            source: {type: json-dump, path: "raw/{date}/", event-name: type, event-time: at}
            defaults: {max-quarantined: 1.0}
            events:
              visits:
                columns: &columns
                  - {name: user_id, type: string, path: user.id, required: true}
                  - {name: email, type: string, path: user.email}
                  - {name: version, type: long, required: true}
                  - {name: at, type: timestamptz}
                target: {mode: append, partition-by: ["bucket(2, user_id)"]}
              deltas:
                columns: *columns
                target: {mode: upsert, id-columns: [user_id], timestamp-column: at, partition-by: []}
              copies:
                columns: *columns
                target:
                  mode: upsert
                  id-columns: [user_id]
                  timestamp-column: at
                  partition-by: []
                  write-mode: copy-on-write
            """;

    @TempDir
    private Path home;

    @Test
    void aHundredSubjectsOfDumps(SparkSession spark) {
        try (Workspace shop = Workspace.of(home, spark, YAML);
                Catalogs catalogs = catalogs(shop)) {
            Map<String, Map<String, Long>> latest = load(shop, 4);
            Map<String, List<String>> before = rest(shop);
            Set<String> seen = LakeFiles.read(warehouse(), SUBJECT).found();
            // Which of them are bounds of files is chance.
            for (String place : List.of("manifest", "statistics", "row", "bytes of .parquet")) {
                assertThat(seen)
                        .as("the reader sees subjects in each " + place)
                        .anyMatch(found -> found.endsWith(" in " + place));
            }
            long stored = 0;

            for (String event : before.keySet()) {
                for (String where : conditions(event)) {
                    ErasureResult result = erase(home, shop, catalogs, event, where);

                    assertThat(result.outcome()).isEqualTo(Outcome.ERASED);
                    assertThat(result.tables()).hasSize(2).allMatch(part -> part.proof()
                            .holds());
                    assertThat(ErasureReport.html(result) + ErasureReport.json(result))
                            .doesNotContainPattern(SUBJECT);
                    stored += last(result).found().stored();
                }
            }

            LakeFiles left = LakeFiles.read(warehouse(), SUBJECT);
            assertThat(left.found()).isEmpty();
            assertThat(left.rows()).isGreaterThan(USERS);
            assertThat(stored).as("old versions were stored, too").isGreaterThan(SUBJECTS * 3L * 2);
            assertThat(rest(shop)).isEqualTo(before);
            for (String event : MERGED) {
                assertThat(shop.sql("SELECT user_id, version FROM lake.shop." + event + " ORDER BY 1"))
                        .containsExactlyElementsOf(expected(latest.get(event)));
                assertThat(catalogs.find(name(event)).orElseThrow().versions()).hasSize(1);
            }
            assertGoesOn(shop, catalogs);
        }
    }

    /** All of them at once, and for one table the last by another column. */
    private static List<String> conditions(String event) {
        return switch (event) {
            case "visits" ->
                List.of("user_id IN " + in(1, SUBJECTS - 1), "email = '" + user(SUBJECTS) + "@example.com'");
            case "quarantine" -> List.of();
            default -> List.of("user_id IN " + in(1, SUBJECTS));
        };
    }

    /** Positions and ledgers stand: the next run takes what is new, and nothing else. */
    private static void assertGoesOn(Workspace shop, Catalogs catalogs) {
        assertThat(shop.run().lines().read()).isZero();
        shop.file("new.jsonl", line("visits", 200, 9999, true), line("deltas", 201, 9999, true));
        RunResult run = shop.run();
        assertThat(run.problems()).isEmpty();
        assertThat(run.exit()).isEqualTo(ExitCode.OK);
        assertThat(run.lines().loaded()).isEqualTo(2);
        assertThat(shop.sql("SELECT count(*) FROM lake.shop.deltas WHERE version = 9999"))
                .containsExactly("[1]");
        TableCheck check =
                TableCheck.of(shop.spark(), catalogs.find(name("visits")).orElseThrow());
        assertThat(check.differences()).isNotEmpty();
        assertThat(check.sound()).as(check.toString()).isTrue();
        shop.spark().sql("DELETE FROM lake.shop.visits WHERE version = 9999");
        LakeTable visits = catalogs.find(name("visits")).orElseThrow();
        assertThat(TableCheck.of(shop.spark(), visits).sound()).isFalse();
    }

    /** The latest version of each user, by event. */
    private static Map<String, Map<String, Long>> load(Workspace shop, int batches) {
        Random random = new Random(7);
        Map<String, Map<String, Long>> latest = new TreeMap<>();
        long version = 1;
        for (int batch = 0; batch < batches; batch++) {
            List<String> lines = new ArrayList<>();
            for (String event : List.of("visits", "deltas", "copies")) {
                for (int user = 1; user <= USERS; user++) {
                    if (user <= SUBJECTS ? random.nextInt(3) > 0 : random.nextInt(6) == 0) {
                        lines.add(line(event, user, version, true));
                        latest.computeIfAbsent(event, name -> new TreeMap<>()).put(user(user), version++);
                    }
                }
                int bad = 1 + random.nextInt(USERS);
                lines.add(line(event, bad, version++, false));
                lines.add(line(event, SUBJECTS, version++, false));
                String cut = line(event, 1 + batch, version++, true);
                lines.add(cut.substring(0, cut.indexOf("example") + 3));
                lines.add(line(event, 3, version, true) + line(event, 4, version++, true));
            }
            shop.file("batch" + batch + ".jsonl", lines.toArray(String[]::new));
            RunResult run = shop.run();
            assertThat(run.problems()).isEmpty();
            assertThat(run.exit()).isEqualTo(ExitCode.OK);
        }
        return latest;
    }

    /** All rows but the subjects', with Firn's own columns. */
    private static Map<String, List<String>> rest(Workspace shop) {
        return rest(shop, SUBJECT);
    }

    static Map<String, List<String>> rest(Workspace shop, Pattern subject) {
        Map<String, List<String>> rest = shop.content();
        Predicate<String> others = row -> {
            String text = row.startsWith("[shop,") ? unhexed(row) : row;
            return !subject.matcher(text).find();
        };
        rest.replaceAll((event, rows) -> rows.stream().filter(others).toList());
        return rest;
    }

    private static String unhexed(String row) {
        return Pattern.compile("[0-9A-F]{20,}")
                .matcher(row)
                .replaceAll(match -> java.util.regex.Matcher.quoteReplacement(new String(
                        java.util.HexFormat.of().parseHex(match.group()), java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static List<String> expected(Map<String, Long> latest) {
        return latest.entrySet().stream()
                .filter(entry -> !SUBJECT.matcher(entry.getKey()).find())
                .map(entry -> "[%s,%d]".formatted(entry.getKey(), entry.getValue()))
                .sorted()
                .toList();
    }

    static String user(int number) {
        return (number <= SUBJECTS ? "subject-%05d-x7q" : "person-%05d-x7q").formatted(number);
    }

    /** @param good whether its version is a number */
    static String line(String event, int user, long version, boolean good) {
        return """
                {"type":"%s","at":"2026-11-20T10:00:00.%06dZ","user":{"id":"%s","email":"%2$s@example.com"},"version":%4$s}"""
                .replace("%2$s", "%3$s")
                .formatted(event, version, user(user), good ? "" + version : "\"v\"");
    }

    private static String in(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(user -> "'" + user(user) + "'")
                .collect(Collectors.joining(", ", "(", ")"));
    }

    static ErasureResult erase(Path home, Workspace shop, Catalogs catalogs, String event, String where) {
        return erase(home, shop, catalogs, event, where, Refs.REFUSE, Execution.DO);
    }

    static ErasureResult erase(
            Path home, Workspace shop, Catalogs catalogs, String event, String where, Refs refs, Execution execution) {
        LakeTable table = catalogs.find(name(event)).orElseThrow();
        Request request = new Request(
                table,
                where,
                home,
                List.of(),
                Overrides.of(null, List.of()),
                refs,
                execution,
                java.time.Duration.ofMillis(100));
        return new Erasure(shop.spark(), catalogs, request).run();
    }

    private static Part last(ErasureResult result) {
        return result.tables().get(result.tables().size() - 1);
    }

    private static TableName name(String event) {
        return TableName.parse("lake.shop." + event);
    }

    private Path warehouse() {
        return home.resolve("lake/warehouse");
    }

    static Catalogs catalogs(Workspace shop) {
        return new Catalogs(
                shop.pipeline().project(), shop.spark().sparkContext().hadoopConfiguration());
    }
}
