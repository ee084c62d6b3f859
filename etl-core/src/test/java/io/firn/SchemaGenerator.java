package io.firn;

import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;

import io.firn.config.Binding;
import io.firn.registry.Registry;
import io.firn.schema.DefaultValue;
import io.firn.source.Source;
import io.firn.transform.Transform;

/** Makes the JSON Schema of a document from its record, the records below it, and their Javadoc. */
final class SchemaGenerator {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SchemaGenerator() {}

    static String schema(Class<?> root, String title) {
        SchemaGeneratorConfigBuilder config = new SchemaGeneratorConfigBuilder(
                        JSON, SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(Option.DEFINITIONS_FOR_ALL_OBJECTS);
        config.forTypesInGeneral()
                .withPropertySorter((unusedFirst, unusedSecond) -> 0)
                .withCustomDefinitionProvider(SchemaGenerator::definition);
        config.forFields()
                .withPropertyNameOverrideResolver(field -> Binding.kebab(field.getDeclaredName()))
                .withDescriptionResolver(field -> description(field))
                .withRequiredCheck(field -> field.getType().getErasedType() != boolean.class
                        && !docs(field).optional(field.getDeclaredName()));
        ObjectNode schema =
                new com.github.victools.jsonschema.generator.SchemaGenerator(config.build()).generateSchema(root);
        schema.put("title", title);
        ObjectNode profiles = ((ObjectNode) schema.get("properties")).putObject("profiles");
        profiles.put("type", "object")
                .put("description", "Values by profile, laid over those of this file when --profile names one.")
                .putObject("additionalProperties")
                .put("type", "object");
        closed(schema);
        if (schema.has("$defs")) {
            schema.get("$defs").forEach(SchemaGenerator::closed);
            named(Transform.class, (ObjectNode) schema.get("$defs"));
            named(Source.class, (ObjectNode) schema.get("$defs"));
            named(Registry.class, (ObjectNode) schema.get("$defs"));
        }
        return schema.toPrettyString() + "\n";
    }

    /** A key that no component reads is a mistake. */
    private static void closed(JsonNode definition) {
        if (!definition.has("allOf")) {
            ((ObjectNode) definition).put("additionalProperties", false);
        }
    }

    private static String description(FieldScope field) {
        return field.isFakeContainerItemScope() ? null : docs(field).description(field.getDeclaredName());
    }

    private static RecordDocs docs(FieldScope field) {
        return RecordDocs.of(field.getDeclaringType().getErasedType());
    }

    private static CustomDefinition definition(ResolvedType type, SchemaGenerationContext context) {
        Class<?> raw = type.getErasedType();
        ObjectNode node = context.getGeneratorConfig().createObjectNode();
        if (raw == MaxQuarantined.class) {
            return inline(node.put("type", "number").put("minimum", 0));
        }
        if (raw == DefaultValue.class) {
            return inline(anyScalar());
        }
        if (raw.isEnum()) {
            ArrayNode values = node.put("type", "string").putArray("enum");
            for (Object constant : raw.getEnumConstants()) {
                values.add(Binding.kebab(((Enum<?>) constant).name()));
            }
            return inline(node);
        }
        if (raw == LocalDate.class) {
            return inline(node.put("type", "string").put("format", "date"));
        }
        if (raw == Duration.class) {
            return inline(node.put("type", "string").put("pattern", "^\\d{1,9}[smhdy]$|^\\$\\{.*\\}$"));
        }
        if (Config.BINDING.isValue(raw) && raw.getName().startsWith("io.firn.")) {
            return inline(node.put("type", "string"));
        }
        if (raw == Map.class) {
            ResolvedType value = type.getTypeParameters().get(1);
            node.put("type", "object");
            node.set(
                    "additionalProperties",
                    value.getErasedType() == String.class ? anyScalar() : context.createDefinitionReference(value));
            return inline(node);
        }
        return raw.isSealed() ? kinds(raw, node, context) : null;
    }

    /** YAML's author need not quote a number to make it text. */
    private static ObjectNode anyScalar() {
        ObjectNode node = JSON.createObjectNode();
        ArrayNode types = node.putArray("type");
        List.of("string", "number", "boolean").forEach(types::add);
        return node;
    }

    /** One branch per kind, chosen by its type, so that a validator complains about that kind alone. */
    private static CustomDefinition kinds(Class<?> sealed, ObjectNode node, SchemaGenerationContext context) {
        node.put("type", "object");
        ArrayNode names = node.putObject("properties").putObject("type").putArray("enum");
        node.putArray("required").add("type");
        ArrayNode branches = node.putArray("allOf");
        Binding.kinds(sealed).forEach((name, kind) -> {
            names.add(name);
            ObjectNode branch = branches.addObject();
            ObjectNode condition = branch.putObject("if");
            condition.putObject("properties").putObject("type").put("const", name);
            condition.putArray("required").add("type");
            branch.set(
                    "then",
                    context.createDefinitionReference(context.getTypeContext().resolve(kind)));
        });
        return new CustomDefinition(
                node, CustomDefinition.DefinitionType.STANDARD, CustomDefinition.AttributeInclusion.NO);
    }

    /** A kind's own definition allows the key that chose it. */
    private static void named(Class<?> sealed, ObjectNode definitions) {
        Binding.kinds(sealed).forEach((name, kind) -> {
            ObjectNode definition = (ObjectNode) definitions.get(kind.getSimpleName());
            if (definition != null) {
                ObjectNode properties = (ObjectNode) definition.get("properties");
                properties.putObject("type").put("const", name);
                definition.put("description", RecordDocs.of(kind).summary());
            }
        });
    }

    private static CustomDefinition inline(ObjectNode node) {
        return new CustomDefinition(
                node, CustomDefinition.DefinitionType.INLINE, CustomDefinition.AttributeInclusion.YES);
    }
}
