package io.firn.it;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.apache.spark.sql.SparkSession;

/** A seeded day of four events in several files with a few bad lines and unlisted fields, in many lakes of its own. */
final class DayOfTrouble {
    private static final String YAML =
            """
            pipeline: day
            source: {type: json-dump, path: "RAW/{date}/", event-name: type, event-time: at}
            defaults: {max-quarantined: 1.0, unknown-columns: evolve}
            events:
            """;
    private static final String EVENT =
            """
              %s:
                columns:
                  - {name: id, type: long, required: true}
                  - {name: at, type: timestamptz, required: true}
                  - {name: tags, type: "list<string>"}
                  - {name: place, type: "struct<lat: double, name: string>"}
                target: {partition-by: ["hour(at)"]}
            """;
    private static final List<String> EVENTS = List.of("alpha", "beta", "gamma", "delta");

    private final Path home;
    private final String yaml;

    DayOfTrouble(Path home, long seed) {
        this.home = home;
        StringBuilder text =
                new StringBuilder(YAML.replace("RAW", home.resolve("raw").toString()));
        EVENTS.forEach(event -> text.append(EVENT.formatted(event)));
        yaml = text.toString();
        Random random = new Random(seed);
        for (int file = 0; file < 4; file++) {
            List<String> lines = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                lines.add(line(file * 1000 + i, random));
            }
            Workspace.write(
                    home.resolve("raw/" + Workspace.DAY + "/" + file + ".jsonl"),
                    String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String line(int id, Random random) {
        String good =
                "{\"type\":\"%s\",\"id\":%d,\"at\":\"2026-11-20T%02d:30:00Z\",\"tags\":[\"t%d\",null],\"place\":{\"lat\":%s%s}%s}"
                        .formatted(
                                EVENTS.get(random.nextInt(EVENTS.size())),
                                id,
                                random.nextInt(3),
                                random.nextInt(100),
                                random.nextDouble(),
                                random.nextInt(5) == 0 ? ",\"floor\":" + random.nextInt(9) : "",
                                random.nextInt(5) == 0 ? ",\"coupon\":{\"code\":\"c" + id + "\"}" : "");
        return random.nextInt(40) == 0 ? good.substring(0, good.length() - 2) : good;
    }

    /** The folder of a new lake for the day, ready for a {@link Child}. */
    Path lake(String name) {
        Path folder = home.resolve(name);
        Workspace.write(folder.resolve("pipeline.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
        return folder;
    }

    Workspace open(Path lake, SparkSession spark) {
        return Workspace.open(lake, spark, lake.resolve("pipeline.yaml"));
    }

    /** What a lake holds that one load filled, undisturbed. */
    Map<String, List<String>> undisturbed(SparkSession spark) {
        try (Workspace workspace = open(lake("undisturbed"), spark)) {
            workspace.run();
            return workspace.content();
        }
    }
}
