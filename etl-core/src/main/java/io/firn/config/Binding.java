package io.firn.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * How YAML becomes records: a key is a component's name in kebab-case, a sealed interface is the permitted record whose
 * name its {@code type} says, enums are written in kebab-case, and a value class is read by the function given here.
 * Only the types of components decide what is created; no text of a YAML file names a class.
 */
public final class Binding {
    private final Map<Class<?>, Function<String, ?>> values = new HashMap<>();

    public Binding() {
        values.put(String.class, text -> text);
        values.put(boolean.class, Boolean::valueOf);
        values.put(Boolean.class, Boolean::valueOf);
        values.put(int.class, Integer::valueOf);
        values.put(Integer.class, Integer::valueOf);
        values.put(long.class, Long::valueOf);
        values.put(Long.class, Long::valueOf);
    }

    /** Reads values of a type by a function that throws IllegalArgumentException with a message for the user. */
    public <T> Binding value(Class<T> type, Function<String, T> parse) {
        values.put(type, parse);
        return this;
    }

    /** The types that are single values in YAML. */
    public boolean isValue(Class<?> type) {
        return values.containsKey(type);
    }

    /** The name in YAML of a component, an enum's constant or a kind: {@code maxLineBytes} is max-line-bytes. */
    public static String kebab(String name) {
        if (name.equals(name.toUpperCase(Locale.ROOT))) {
            return name.toLowerCase(Locale.ROOT).replace('_', '-');
        }
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /** The kinds of a sealed interface by their names in YAML, in the order of its {@code permits}. */
    public static Map<String, Class<?>> kinds(Class<?> sealed) {
        Map<String, Class<?>> kinds = new LinkedHashMap<>();
        for (Class<?> kind : sealed.getPermittedSubclasses()) {
            kinds.put(kebab(kind.getSimpleName()), kind);
        }
        return kinds;
    }

    /** The record of a document, without the parts that were reported; null if nothing can be made of it. */
    <T> T bind(Tree tree, Class<T> type, Reports reports) {
        return type.cast(new Binder(this, reports).bind(tree, type, List.of()));
    }

    Function<String, ?> reader(Class<?> type) {
        return values.get(type);
    }

    static List<String> enumNames(Class<?> type) {
        List<String> names = new ArrayList<>();
        for (Object constant : type.getEnumConstants()) {
            names.add(kebab(((Enum<?>) constant).name()));
        }
        return names;
    }
}
