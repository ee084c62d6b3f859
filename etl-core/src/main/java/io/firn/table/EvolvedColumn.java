package io.firn.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types.NestedField;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.Format;
import io.firn.schema.JsonPath;

/**
 * A column that a run added since the data had it. The table has its type, and in a property of its own where its values
 * lie and how they are written.
 *
 * @param column always with its path
 * @param insteadOf the column whose values it takes where that one does not hold them; null: it takes all at its path
 */
public record EvolvedColumn(Column column, String insteadOf) {
    static final String PREFIX = "firn.evolved.";

    /** What the property says; the rest is the table's schema. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Said(String path, String format, String insteadOf) {}

    /** The property's name. */
    public String property() {
        return PREFIX + column.name();
    }

    /** The property's value. */
    public String json() {
        return LedgerStore.json(new Said(
                column.location().text(),
                column.format() == null ? null : column.format().text(),
                insteadOf));
    }

    /** In the order of the schema; a property whose column is gone says nothing. */
    static List<EvolvedColumn> of(Schema schema, Map<String, String> properties) {
        List<EvolvedColumn> evolved = new ArrayList<>();
        for (NestedField field : schema.columns()) {
            String json = properties.get(PREFIX + field.name());
            if (json != null) {
                evolved.add(of(field, json));
            }
        }
        return evolved;
    }

    private static EvolvedColumn of(NestedField field, String json) {
        try {
            Said said = LedgerStore.JSON.readValue(json, Said.class);
            Column column = new Column(
                    field.name(),
                    ColumnType.parse(TypeText.of(field.type())),
                    JsonPath.parse(said.path),
                    said.format == null ? null : Format.parse(said.format),
                    false,
                    field.doc());
            return new EvolvedColumn(column, said.insteadOf);
        } catch (IOException | IllegalArgumentException e) {
            throw new TableException("Property " + PREFIX + field.name() + " is not what Firn wrote: " + e.getMessage()
                    + ". Remove the property, then the column's field is unlisted again.");
        }
    }
}
