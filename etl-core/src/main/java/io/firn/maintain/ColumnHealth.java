package io.firn.maintain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types.NestedField;

/**
 * What a column of a simple type takes; fields of structs by their path.
 *
 * @param bytes as compressed
 * @param share of all columns' bytes
 * @param values how many there are, nulls included
 * @param nulls how many of them
 * @param compression by how much the values of a type of fixed width shrank: 8 means an eighth; null: of any other type
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ColumnHealth(
        String column, String type, long bytes, double share, long values, long nulls, Double compression) {

    static List<ColumnHealth> of(TableFiles files) {
        Schema schema = files.table().schema();
        long all =
                files.columns().values().stream().mapToLong(column -> column[0]).sum();
        List<ColumnHealth> columns = new ArrayList<>();
        files.columns().forEach((id, found) -> {
            NestedField field = schema.findField(id);
            // A column that was dropped is still in the files.
            String name = field == null ? "(dropped, id " + id + ")" : schema.findColumnName(id);
            Integer width = field == null ? null : width(field.type());
            long full = width == null ? 0 : width * (found[1] - found[2]);
            columns.add(new ColumnHealth(
                    name,
                    field == null ? null : field.type().toString(),
                    found[0],
                    all == 0 ? 0 : (double) found[0] / all,
                    found[1],
                    found[2],
                    width == null || found[0] == 0 ? null : (double) full / found[0]));
        });
        columns.sort(Comparator.comparingLong(ColumnHealth::bytes).reversed());
        return columns;
    }

    private static Integer width(Type type) {
        return switch (type.typeId()) {
            case BOOLEAN -> 1;
            case INTEGER, FLOAT, DATE -> 4;
            case LONG, DOUBLE, TIME, TIMESTAMP, TIMESTAMP_NANO -> 8;
            case UUID -> 16;
            default -> null;
        };
    }
}
