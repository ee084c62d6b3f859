package io.firn.init;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds the keys that only wrap what is the event's own, such as {@code payload}; their names say nothing. */
final class Wrappers {
    private static final Set<String> USUAL =
            Set.of("payload", "data", "properties", "attributes", "body", "params", "detail", "details", "event_data");

    private Wrappers() {}

    /** The wrapping keys of documents whose shapes are given, one shape per event. */
    static Set<String> among(Collection<Shape> events) {
        Map<String, List<Set<String>>> keysBelow = new HashMap<>();
        for (Shape event : events) {
            event.children().forEach((key, child) -> {
                if (child.kind() == Shape.Kind.OBJECT && !child.children().isEmpty()) {
                    keysBelow
                            .computeIfAbsent(key, k -> new ArrayList<>())
                            .add(child.children().keySet());
                }
            });
        }
        return keysBelow.entrySet().stream()
                .filter(e -> USUAL.contains(Names.snakeCase(e.getKey())) || differ(e.getValue(), events.size()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** Nearly all events have the key and what lies below it differs from event to event. */
    private static boolean differ(List<Set<String>> keysBelow, int events) {
        if (keysBelow.size() < 3 || keysBelow.size() * 3 < events * 2) {
            return false;
        }
        Set<String> union = new HashSet<>();
        Set<String> common = new HashSet<>(keysBelow.get(0));
        keysBelow.forEach(keys -> {
            union.addAll(keys);
            common.retainAll(keys);
        });
        return common.size() * 4 < union.size();
    }
}
