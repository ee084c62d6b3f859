package io.firn.transform;

import static scala.jdk.javaapi.CollectionConverters.asJava;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.BoundReference;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Fixed;
import io.firn.schema.ColumnType.Scalar;

/**
 * Turns transforms into steps. It follows which value each column stands for: a column that is renamed, moved or left
 * out costs nothing when rows run.
 */
final class RowCompiler {
    private final RowExpressions expressions;
    private final List<Variable> variables = new ArrayList<>();
    /** What expressions know each variable by. */
    private final List<Attribute> attributes = new ArrayList<>();

    /** The columns of the input that each variable is made of. */
    private final List<BitSet> reads = new ArrayList<>();

    private final BitSet filterReads = new BitSet();
    private final List<Step> steps = new ArrayList<>();
    private final List<StructField> metadata;
    private final List<Integer> metadataValues = new ArrayList<>();
    private List<Column> columns;
    /** The variable of each of {@link #columns}. */
    private List<Integer> values = new ArrayList<>();

    private int rows = 1;

    RowCompiler(RowExpressions expressions, List<Column> in, StructType passThrough) {
        this.expressions = expressions;
        this.columns = List.copyOf(in);
        this.metadata = List.of(passThrough.fields());
        for (Column column : in) {
            values.add(input(column.type().toSpark(), !column.required()));
        }
        for (StructField field : metadata) {
            metadataValues.add(input(field.dataType(), true));
        }
    }

    void compile(int index, Transform transform) {
        try {
            List<Column> after = transform.columns(columns, FailingScope.ANYWHERE);
            transform.compile(this);
            columns = after;
        } catch (TransformException e) {
            String kind = transform.getClass().getSimpleName().toLowerCase(Locale.ROOT);
            throw new TransformException("transforms[" + index + "] (" + kind + "): " + e.getMessage(), e.getCause());
        }
    }

    RowProgram.Code code() {
        List<Variable> output = new ArrayList<>();
        values.forEach(v -> output.add(variables.get(v)));
        metadataValues.forEach(v -> output.add(variables.get(v)));
        return new RowProgram.Code(rows, List.copyOf(variables), List.copyOf(steps), List.copyOf(output));
    }

    /** For each column now, the columns of the input that it is made of. */
    List<BitSet> reads() {
        return values.stream().map(reads::get).toList();
    }

    /** The columns of the input that filters look at. */
    BitSet filterReads() {
        return filterReads;
    }

    StructType schema() {
        StructType schema = new StructType();
        for (Column column : columns) {
            schema = schema.add(column.name(), column.type().toSpark(), !column.required());
        }
        for (StructField field : metadata) {
            schema = schema.add(field);
        }
        return schema;
    }

    /** Leaves out the columns that are not kept; a rename needs no more than the columns after it. */
    void retain(Predicate<Column> kept) {
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            if (kept.test(columns.get(i))) {
                left.add(values.get(i));
            }
        }
        values = left;
    }

    void filter(String expr) {
        Expression condition = expressions.condition(expr, visible(), attributes);
        filterReads.or(readBy(condition));
        steps.add(new FilterStep(condition));
    }

    void derive(String name, ColumnType as, String expr) {
        Expression expression = expressions.value(expr, as.toSpark(), visible(), attributes);
        int computed = evaluated(name, expression);
        if (as == Scalar.UUID) {
            computed = converted(name, computed, Scalar.STRING, as);
        } else if (as instanceof Fixed) {
            computed = converted(name, computed, Scalar.BINARY, as);
        }
        int at = Columns.find(columns, name);
        if (at < 0) {
            values.add(computed);
        } else {
            values.set(at, computed);
        }
    }

    void convert(String name, ColumnType as) {
        int at = Columns.find(columns, name);
        ColumnType from = columns.get(at).type();
        if (!from.equals(as)) {
            values.set(at, converted(columns.get(at).name(), values.get(at), from, as));
        }
    }

    void extract(String name, List<Column> into) {
        int at = Columns.find(columns, name);
        int row = rows++;
        steps.add(new ExtractStep(columns.get(at).name(), into, values.get(at), row));
        BitSet from = reads.get(values.remove(at));
        for (int i = 0; i < into.size(); i++) {
            Column column = into.get(i);
            values.add(at + i, variable(row, i, column.type().toSpark(), !column.required(), from));
        }
    }

    /** The expression's variable. Expressions that do not need each other are computed together. */
    private int evaluated(String name, Expression expression) {
        if (!steps.isEmpty()
                && steps.get(steps.size() - 1) instanceof EvaluateStep last
                && !last.feeds(expression, variables)) {
            steps.set(steps.size() - 1, last.and(name, expression));
            return variable(last.row(), last.names().size(), expression.dataType(), true, readBy(expression));
        }
        int row = rows++;
        steps.add(new EvaluateStep(row, List.of(name), List.of(expression)));
        return variable(row, 0, expression.dataType(), true, readBy(expression));
    }

    private int converted(String name, int variable, ColumnType from, ColumnType to) {
        int row = rows++;
        steps.add(new ConvertStep(name, variable, from, to, row));
        return variable(row, 0, to.toSpark(), true, reads.get(variable));
    }

    private int input(DataType type, boolean nullable) {
        BitSet itself = new BitSet();
        itself.set(variables.size());
        return variable(0, variables.size(), type, nullable, itself);
    }

    private BitSet readBy(Expression expression) {
        BitSet read = new BitSet();
        if (expression instanceof BoundReference reference) {
            read.or(reads.get(reference.ordinal()));
        }
        asJava(expression.children()).forEach(child -> read.or(readBy(child)));
        return read;
    }

    private int variable(int row, int ordinal, DataType type, boolean nullable, BitSet from) {
        reads.add(from);
        variables.add(new Variable(row, ordinal, type));
        attributes.add(expressions.attribute("v" + attributes.size(), type, nullable));
        return variables.size() - 1;
    }

    /** The columns as an expression sees them. */
    private List<Attribute> visible() {
        List<Attribute> visible = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            visible.add(attributes.get(values.get(i)).withName(columns.get(i).name()));
        }
        return visible;
    }
}
