package io.firn.table;

import java.util.stream.Collectors;

import org.apache.iceberg.transforms.Transforms;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;

/** Iceberg's types as YAML writes them. */
final class TypeText {
    private TypeText() {}

    static String of(Type type) {
        return switch (type.typeId()) {
            case STRUCT ->
                type.asStructType().fields().stream()
                        .map(TypeText::field)
                        .collect(Collectors.joining(", ", "struct<", ">"));
            case LIST -> "list<" + of(type.asListType().elementType()) + ">";
            case MAP ->
                "map<" + of(type.asMapType().keyType()) + ", "
                        + of(type.asMapType().valueType()) + ">";
            case DECIMAL -> type.toString().replace(" ", "");
            default -> type.toString();
        };
    }

    /** A default as YAML writes it. */
    static String value(Type type, Object value) {
        return Transforms.identity().toHumanString(type, value);
    }

    private static String field(NestedField field) {
        String name = field.name();
        String quoted = name.matches("[A-Za-z_][A-Za-z0-9_]*") ? name : '`' + name.replace("`", "``") + '`';
        return quoted + ": " + of(field.type()) + (field.isRequired() ? " not null" : "");
    }
}
