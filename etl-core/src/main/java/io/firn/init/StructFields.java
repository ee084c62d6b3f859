package io.firn.init;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Field;
import io.firn.schema.ColumnType.Listing;
import io.firn.schema.ColumnType.Mapping;
import io.firn.schema.ColumnType.Struct;

/** Structs at any depth of a type, found by steps as Iceberg names them: fields, {@code element}, {@code value}. */
final class StructFields {
    private StructFields() {}

    /** The type with one more field in a struct; empty where that has a field of the name, or there is no such struct. */
    static Optional<ColumnType> with(ColumnType type, List<String> steps, String name, ColumnType more) {
        if (type instanceof Listing list && !steps.isEmpty()) {
            return with(list.element(), steps.subList(1, steps.size()), name, more)
                    .map(Listing::new);
        }
        if (type instanceof Mapping map && !steps.isEmpty()) {
            return with(map.value(), steps.subList(1, steps.size()), name, more).map(Mapping::new);
        }
        if (!(type instanceof Struct struct)) {
            return Optional.empty();
        }
        List<Field> fields = new ArrayList<>(struct.fields());
        if (steps.isEmpty()) {
            if (fields.stream().anyMatch(field -> field.name().equalsIgnoreCase(name))) {
                return Optional.empty();
            }
            fields.add(new Field(name, more, false));
            return Optional.of(new Struct(fields));
        }
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            if (field.name().equals(steps.get(0))) {
                Optional<ColumnType> wider = with(field.type(), steps.subList(1, steps.size()), name, more);
                if (wider.isEmpty()) {
                    return wider;
                }
                fields.set(i, new Field(field.name(), wider.get(), field.required()));
                return Optional.of(new Struct(fields));
            }
        }
        return Optional.empty();
    }

    /** Whether a struct has the field. */
    static boolean has(ColumnType type, List<String> steps, String name) {
        if (type instanceof Struct struct) {
            String next = steps.isEmpty() ? name : steps.get(0);
            return struct.fields().stream()
                    .filter(field -> field.name().equals(next))
                    .anyMatch(field -> steps.isEmpty() || has(field.type(), steps.subList(1, steps.size()), name));
        }
        if (steps.isEmpty()) {
            return false;
        }
        List<String> rest = steps.subList(1, steps.size());
        return type instanceof Listing list
                ? has(list.element(), rest, name)
                : type instanceof Mapping map && has(map.value(), rest, name);
    }
}
