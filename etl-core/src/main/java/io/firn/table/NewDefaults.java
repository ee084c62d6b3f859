package io.firn.table;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableUtil;

import io.firn.schema.DefaultValue;
import io.firn.table.TableChange.AddColumn;

/**
 * What rows that are there are to have in columns that a run adds. In format 3 the column says it; before, the table
 * remembers what is to be filled in until that is done.
 *
 * @param values by column
 * @param wanted whether rows take them; null: in format 3 alone
 * @param until rows that were loaded later say themselves what they have
 */
public record NewDefaults(Map<String, DefaultValue> values, Boolean wanted, Instant until) {
    /** Rows that are there read null in new columns. */
    public static final NewDefaults NONE = new NewDefaults(Map.of(), false, Instant.EPOCH);

    static final String PROPERTY = "firn.backfill.";
    private static final int FORMAT_WITH_DEFAULTS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * A column that is to be filled in.
     *
     * @param value as text
     * @param until rows that were loaded later are left alone
     */
    public record Backfill(String column, String value, String until) {}

    /** The plan with what new columns say of older rows, as far as the table can hold it. */
    SchemaPlan in(SchemaPlan plan, Table table) {
        boolean held = TableUtil.formatVersion(table) >= FORMAT_WITH_DEFAULTS;
        if (values.isEmpty() || !(wanted == null ? held : wanted)) {
            return plan;
        }
        Map<String, String> properties = new LinkedHashMap<>(plan.properties());
        List<TableChange> changes = plan.changes().stream()
                .map(change -> change instanceof AddColumn add && add.parent() == null && values.containsKey(add.path())
                        ? with(add, held, properties)
                        : change)
                .toList();
        return new SchemaPlan(plan.create(), changes, properties, plan.conflicts());
    }

    private TableChange with(AddColumn add, boolean held, Map<String, String> properties) {
        DefaultValue value = values.get(add.path());
        if (held) {
            return new AddColumn(null, IcebergTypes.withDefault(add.field(), value));
        }
        try {
            properties.put(
                    PROPERTY + add.path(),
                    JSON.writeValueAsString(new Backfill(add.path(), value.text(), until.toString())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        return add;
    }

    static List<Backfill> open(Table table) {
        return table.properties().entrySet().stream()
                .filter(property -> property.getKey().startsWith(PROPERTY))
                .map(property -> parse(property.getValue()))
                .toList();
    }

    private static Backfill parse(String json) {
        try {
            return JSON.readValue(json, Backfill.class);
        } catch (JsonProcessingException e) {
            throw new TableException("a property " + PROPERTY + "* of the table is none of Firn's: " + json);
        }
    }
}
