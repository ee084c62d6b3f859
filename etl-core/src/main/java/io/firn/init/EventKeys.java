package io.firn.init;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;

import io.firn.schema.JsonPath;

/** Finds where lines say which event they are and when it happened, among the first lines of a sample. */
final class EventKeys {
    private static final Pattern NAME_LIKE = Pattern.compile("\\p{L}[\\p{L}\\p{N} _.:/$-]{0,99}");
    private static final int MAX_EVENTS = 1000;
    private static final Map<String, Integer> EVENT_NAMES = ranks(
            List.of("event_name", "event_type", "type", "event", "message_type", "record_type", "kind", "topic"),
            List.of("name", "action", "op", "method", "category"));
    private static final Map<String, Integer> EVENT_TIMES = ranks(
            List.of("event_time", "event_timestamp", "event_ts", "occurred_at", "created_at", "timestamp", "ts"),
            List.of("time", "datetime", "date_time", "created", "date", "at", "sent_at", "received_at", "updated_at"));

    private final Map<JsonPath, Candidate> candidates = new LinkedHashMap<>();
    private final int lines;

    EventKeys(List<JsonNode> sample) {
        lines = sample.size();
        for (JsonNode line : sample) {
            line.properties().forEach(p -> {
                observe(List.of(p.getKey()), p.getValue());
                if (p.getValue().isObject()) {
                    p.getValue().properties().forEach(c -> observe(List.of(p.getKey(), c.getKey()), c.getValue()));
                }
            });
        }
    }

    /** The path whose short texts, on all lines, tell the events apart. */
    Optional<JsonPath> name() {
        return best(this::nameScore);
    }

    /** The path of the event's time, on all lines. */
    Optional<JsonPath> time() {
        return best(this::timeScore);
    }

    private Optional<JsonPath> best(ToIntFunction<JsonPath> score) {
        // The first of equals wins: what stands further up in the line is the likelier one.
        return candidates.keySet().stream()
                .filter(path -> score.applyAsInt(path) > 0)
                .sorted(Comparator.comparingInt(score).reversed())
                .findFirst();
    }

    private int nameScore(JsonPath path) {
        Candidate candidate = candidates.get(path);
        int distinct = candidate.texts.size();
        boolean few = distinct <= MAX_EVENTS && (distinct <= 20 || distinct * 5 <= lines);
        if (candidate.texts.isEmpty() || !candidate.nameLike || !few || !candidate.shape.fills(lines)) {
            return 0;
        }
        return score(path, EVENT_NAMES);
    }

    private int timeScore(JsonPath path) {
        Candidate candidate = candidates.get(path);
        String key = path.keys().get(path.keys().size() - 1);
        boolean usual = candidate.shape.fills(lines);
        return usual && Guess.of(key, candidate.shape).time() ? score(path, EVENT_TIMES) : 0;
    }

    private static int score(JsonPath path, Map<String, Integer> ranks) {
        List<String> keys = path.keys();
        int rank = ranks.getOrDefault(Names.snakeCase(keys.get(keys.size() - 1)), 0);
        // {"event": {"name": ...}} says as much as {"event_name": ...}.
        int joined = keys.size() == 1 ? 0 : ranks.getOrDefault(Names.snakeCase(String.join("_", keys)), 0);
        int best = Math.max(rank, joined);
        return keys.size() == 1 ? best : Math.max(0, best - 5);
    }

    private void observe(List<String> keys, JsonNode value) {
        if (value.isContainerNode()) {
            return;
        }
        candidates.computeIfAbsent(new JsonPath(keys), k -> new Candidate()).observe(value);
    }

    /** Names that are plain rank from 30 down, those that may mean something else from 15 down. */
    private static Map<String, Integer> ranks(List<String> plain, List<String> vague) {
        Map<String, Integer> ranks = new HashMap<>();
        for (int i = 0; i < plain.size(); i++) {
            ranks.put(plain.get(i), 30 - i);
        }
        for (int i = 0; i < vague.size(); i++) {
            ranks.put(vague.get(i), 15 - i);
        }
        return ranks;
    }

    private static final class Candidate {
        private final Shape shape = new Shape();
        private final Set<String> texts = new HashSet<>();
        private boolean nameLike = true;

        void observe(JsonNode value) {
            shape.observe(value);
            nameLike &=
                    value.isTextual() && NAME_LIKE.matcher(value.textValue()).matches();
            if (nameLike && texts.size() <= MAX_EVENTS) {
                texts.add(value.textValue());
            }
        }
    }
}
