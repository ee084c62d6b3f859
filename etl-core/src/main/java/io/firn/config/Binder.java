package io.firn.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Binds one document. It goes on after a value that does not fit, so that all of them are reported. It looks at the
 * components of records and never at their methods: those name types of Spark, which validation does without.
 */
final class Binder {
    private final Binding binding;
    private final Reports reports;

    Binder(Binding binding, Reports reports) {
        this.binding = binding;
        this.reports = reports;
    }

    /** The value, or null where there is none or it was reported. */
    Object bind(Tree tree, Type type, List<String> path) {
        Class<?> raw = (Class<?>) (type instanceof ParameterizedType generic ? generic.getRawType() : type);
        if (References.unresolved(tree)) {
            reports.unusable(path);
        }
        boolean absent = tree == null || tree.json().isNull() || !reports.usable(path);
        if (absent) {
            return raw == boolean.class ? (Object) false : null;
        }
        if (tree instanceof Tree.Scalar scalar) {
            return scalar(scalar, raw, path);
        }
        if (tree instanceof Tree.Sequence sequence) {
            return list(sequence, argument(type, 0), path);
        }
        Tree.Mapping mapping = (Tree.Mapping) tree;
        if (raw == Map.class) {
            return map(mapping, argument(type, 1), path);
        }
        if (raw.isSealed()) {
            Tree kind = tree.find(List.of("type"));
            Class<?> named =
                    kind == null ? null : Binding.kinds(raw).get(kind.json().asText());
            return named == null ? null : record(mapping, named, path);
        }
        return record(mapping, raw, path);
    }

    private Object scalar(Tree.Scalar scalar, Class<?> type, List<String> path) {
        String text = scalar.json().asText();
        try {
            if (type.isEnum()) {
                int index = Binding.enumNames(type).indexOf(text);
                return index < 0 ? null : type.getEnumConstants()[index];
            }
            Function<String, ?> reader = binding.reader(type);
            return reader == null ? null : reader.apply(text);
        } catch (NumberFormatException e) {
            reports.unusable(path, scalar.source() + " is too large");
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            boolean replaced = !text.isEmpty()
                    && !text.equals(scalar.source())
                    && scalar.source().contains("${");
            reports.unusable(path, replaced ? message.replace(text, scalar.source()) : message);
        }
        return type.isPrimitive() ? (Object) false : null;
    }

    private List<Object> list(Tree.Sequence sequence, Type element, List<String> path) {
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            list.add(bind(sequence.items().get(i), element, Reports.child(path, String.valueOf(i))));
        }
        return Collections.unmodifiableList(list);
    }

    private Map<String, Object> map(Tree.Mapping mapping, Type value, List<String> path) {
        Map<String, Object> map = new LinkedHashMap<>();
        mapping.entries().forEach((key, entry) -> {
            Object bound = bind(entry.value(), value, Reports.child(path, key));
            if (bound != null) {
                map.put(key, bound);
            }
        });
        return Collections.unmodifiableMap(map);
    }

    private Object record(Tree.Mapping mapping, Class<?> type, List<String> path) {
        RecordComponent[] components = type.getRecordComponents();
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String key = Binding.kebab(components[i].getName());
            arguments[i] = bind(mapping.find(List.of(key)), components[i].getGenericType(), Reports.child(path, key));
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException wrong) {
                reports.unusable(path, wrong.getMessage());
                return null;
            }
            if (reports.anyWithin(path)) {
                return null;
            }
            throw new IllegalStateException("cannot make a " + type.getName(), e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type.getName(), e);
        }
    }

    private static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }
}
