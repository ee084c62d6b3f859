package io.firn.registry;

import java.io.Serializable;
import java.util.List;

/**
 * A schema as a registry keeps it.
 *
 * @param kind AVRO, JSON, or another that the registry names
 * @param text the schema in its own language
 * @param references the texts of the schemas that it names, each after those that it names itself
 */
public record RegisteredSchema(String kind, String text, List<String> references) implements Serializable {
    public static final String AVRO = "AVRO";
    public static final String JSON = "JSON";

    public RegisteredSchema {
        references = List.copyOf(references);
    }
}
