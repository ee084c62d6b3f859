package io.firn.maintain;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.iceberg.PartitionField;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.UnboundTerm;

import io.firn.table.TableException;

/** Says which rows lie in a partition. */
final class PartitionFilter {
    private static final Pattern TRANSFORM =
            Pattern.compile("(identity|bucket|truncate|year|month|day|hour)(?:\\[(\\d+)\\])?");

    private PartitionFilter() {}

    static Expression of(PartitionFiles partition) {
        Expression all = Expressions.alwaysTrue();
        Schema schema = partition.spec().schema();
        for (int i = 0; i < partition.spec().fields().size(); i++) {
            PartitionField field = partition.spec().fields().get(i);
            if (!field.transform().isVoid()) {
                Class<?> type = partition.spec().javaClasses()[i];
                all = Expressions.and(
                        all, field(schema, field, partition.value().get(i, type)));
            }
        }
        return all;
    }

    private static Expression field(Schema schema, PartitionField field, Object value) {
        String name = schema.findColumnName(field.sourceId());
        UnboundTerm<Object> term = term(name, field);
        return value == null
                ? Expressions.isNull(term)
                : Expressions.equal(term, value instanceof CharSequence text ? text.toString() : value);
    }

    private static UnboundTerm<Object> term(String column, PartitionField field) {
        // As the table spec writes transforms: bucket[16].
        Matcher transform = TRANSFORM.matcher(field.transform().toString());
        if (!transform.matches()) {
            throw new TableException("A table partitioned by " + field.transform() + " cannot be kept partition by"
                    + " partition: Firn does not know that transform.");
        }
        int width = transform.group(2) == null ? 0 : Integer.parseInt(transform.group(2));
        return switch (transform.group(1)) {
            case "identity" -> Expressions.ref(column);
            case "bucket" -> Expressions.bucket(column, width);
            case "truncate" -> Expressions.truncate(column, width);
            case "year" -> Expressions.year(column);
            case "month" -> Expressions.month(column);
            case "day" -> Expressions.day(column);
            default -> Expressions.hour(column);
        };
    }
}
