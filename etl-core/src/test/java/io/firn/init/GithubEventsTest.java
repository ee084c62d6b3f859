package io.firn.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

import io.firn.init.InferredPipeline.InferredEvent;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Scalar;
import io.firn.schema.ColumnType.Struct;
import io.firn.schema.Format;
import io.firn.schema.JsonPath;

/** Inference over 800 real events of 15 types. */
class GithubEventsTest {
    private static final InferredPipeline INFERRED =
            Inference.of(Lines.of(Lines.githubEvents().toArray(String[]::new)), Inference.Hints.NONE);
    private static final InferredPipeline.Naming NAMING = new InferredPipeline.Naming(
            "../schema.json", "dump/2021-07-21", "github-events", "dump/{date}/", null, "github");

    @Test
    void findsTheEventsAndTheirKeys() {
        assertThat(INFERRED.eventName()).isEqualTo(JsonPath.parse("type"));
        assertThat(INFERRED.eventTime()).isEqualTo(JsonPath.parse("created_at"));
        assertThat(INFERRED.lines()).isEqualTo(800);
        assertThat(INFERRED.malformed()).isZero();
        assertThat(INFERRED.nameless()).isZero();
        assertThat(INFERRED.events())
                .extracting(e -> e.name() + " " + e.lines())
                .startsWith("PushEvent 425", "CreateEvent 103", "PullRequestEvent 64", "WatchEvent 58")
                .hasSize(15);
        assertThat(INFERRED.events().stream().mapToLong(InferredEvent::lines).sum())
                .isEqualTo(800);
    }

    @Test
    void laysAPushOutAsAPersonWould() {
        assertThat(columns("PushEvent"))
                .startsWith("id string", "created_at timestamptz required", "actor_id long", "actor_login string")
                .contains(
                        "size long",
                        "commits list<struct<sha: string, author: struct<name: string, email: string>,"
                                + " message: string, distinct: boolean, url: string>>",
                        "public boolean",
                        "org_login string")
                .noneMatch(c -> c.startsWith("type "));
    }

    @Test
    void keepsWhatIsTooDeepAsJson() {
        assertThat(event("PullRequestEvent").columns())
                .filteredOn(c -> c.name().equals("pull_request"))
                .singleElement()
                .satisfies(c -> {
                    assertThat(c.type()).isEqualTo(Scalar.STRING);
                    assertThat(c.format()).isEqualTo(Format.parse("json"));
                    assertThat(c.path()).isEqualTo(JsonPath.parse("payload.pull_request"));
                });
    }

    @Test
    void everyValueOfEveryLineHasAColumnThatLoadsIt() throws Exception {
        Map<String, Integer> checked = new HashMap<>();
        for (String line : Lines.githubEvents()) {
            JsonNode document = new ObjectMapper().readTree(line);
            InferredEvent event = event(document.get("type").textValue());
            List<String> paths = new ArrayList<>(List.of("type"));
            for (Column column : event.columns()) {
                JsonNode value = document;
                for (String key : column.location().keys()) {
                    value = value.path(key);
                }
                assertThat(fits(value, column.type(), column.format()))
                        .as(
                                "%s.%s %s of %s",
                                event.name(), column.name(), column.type().text(), value)
                        .isTrue();
                paths.add(column.location().text());
            }
            paths.addAll(event.leftOut());
            assertCovered("", document, paths);
            checked.merge(event.name(), 1, Integer::sum);
        }
        assertThat(checked).hasSize(15);
    }

    @Test
    @SuppressWarnings("unchecked")
    void writesYamlThatReadsBack() {
        String text = INFERRED.yaml(NAMING);
        Map<String, Object> yaml = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        assertThat(text).startsWith("# yaml-language-server: $schema=../schema.json\n");
        assertThat(yaml).containsEntry("pipeline", "github-events").containsEntry("catalog", "lake");
        assertThat((Map<String, Object>) yaml.get("source"))
                .containsEntry("path", "dump/{date}/")
                .containsEntry("event-name", "type")
                .containsEntry("event-time", "created_at");
        Map<String, Map<String, Object>> events = (Map<String, Map<String, Object>>) yaml.get("events");
        for (InferredEvent event : INFERRED.events()) {
            List<Map<String, Object>> columns =
                    (List<Map<String, Object>>) events.get(event.name()).get("columns");
            assertThat(columns.stream().map(GithubEventsTest::column).toList()).isEqualTo(event.columns());
        }
        assertThat((Map<String, Object>) events.get("PushEvent").get("target"))
                .containsEntry("table", "lake.github.push_event")
                .containsEntry("partition-by", List.of("day(created_at)"));
    }

    private static Column column(Map<String, Object> yaml) {
        String path = (String) yaml.get("path");
        String format = (String) yaml.get("format");
        return new Column(
                (String) yaml.get("name"),
                ColumnType.parse((String) yaml.get("type")),
                path == null ? null : JsonPath.parse(path),
                format == null ? null : Format.parse(format),
                Boolean.TRUE.equals(yaml.get("required")),
                null);
    }

    private static InferredEvent event(String name) {
        return INFERRED.events().stream()
                .filter(e -> e.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> columns(String event) {
        return event(event).columns().stream()
                .map(c -> c.name() + " " + c.type().text() + (c.required() ? " required" : ""))
                .toList();
    }

    private static boolean fits(JsonNode value, ColumnType type, Format format) {
        boolean json = format != null && format.kind() == Format.Kind.JSON;
        if (value.isMissingNode() || value.isNull() || json) {
            return true;
        }
        if (type instanceof Struct struct) {
            return value.isObject()
                    && struct.fields().stream().allMatch((Field f) -> fits(value.path(f.name()), f.type(), null));
        }
        if (type instanceof Listing list) {
            boolean all = value.isArray();
            for (JsonNode element : value) {
                all &= fits(element, list.element(), null);
            }
            return all;
        }
        return switch ((Scalar) type) {
            case BOOLEAN -> value.isBoolean();
            case LONG ->
                value.isNumber()
                        && new BigDecimal(value.asText()).stripTrailingZeros().scale() <= 0;
            case DOUBLE -> value.isNumber();
            case STRING -> value.isTextual();
            case TIMESTAMPTZ -> value.isTextual() && OffsetDateTime.parse(value.textValue()) != null;
            default -> false;
        };
    }

    private static void assertCovered(String prefix, JsonNode object, List<String> paths) {
        object.properties().forEach(p -> {
            String path = prefix + p.getKey();
            if (paths.contains(path)) {
                return;
            }
            assertThat(p.getValue().isObject()).as("a column for %s", path).isTrue();
            assertCovered(path + ".", p.getValue(), paths);
        });
    }
}
