package io.firn;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;

import io.firn.change.RecordJson;
import io.firn.decode.DecodedRow;
import io.firn.decode.LineDecoder;
import io.firn.decode.UnknownFields;
import io.firn.schema.Column;
import io.firn.schema.JsonPath;
import io.firn.table.EvolvedColumn;
import io.firn.table.LakeTable;
import io.firn.transform.Filter;
import io.firn.transform.RowProgram;
import io.firn.transform.RowRunner;
import io.firn.transform.Transform;
import io.firn.transform.TransformException;

/**
 * Tells which raw lines, or records' keys and values, hold a subject: their values are decoded and transformed as the
 * event's are, and the condition is asked. One that lacks a value that the condition looks at, or cannot be read, is the
 * subject's when a value of the condition stands in it as text. Gives 1 for yes, 0 for no, -1 for unreadable.
 */
final class SubjectLines implements UDF3<byte[], byte[], Boolean, Integer> {
    private static final long serialVersionUID = 1;
    static final int YES = 1;
    static final int NO = 0;
    static final int UNREAD = -1;

    /** Where a row lies. */
    private record View(boolean key, JsonPath at) implements Serializable {}

    private final List<Column> inputs;
    private final RowProgram program;
    private final List<View> views;
    private final RecordJson json;
    private final SubjectText text;
    private transient List<List<LineDecoder>> decoders;
    private transient RowRunner runner;

    private SubjectLines(List<Column> inputs, RowProgram program, List<View> views, RecordJson json, SubjectText text) {
        this.inputs = inputs;
        this.program = program;
        this.views = views;
        this.json = json;
        this.text = text;
    }

    /**
     * @param event what is decoded; empty: the table's columns, under their own names
     * @param json how a topic's changes are written; null: lines are rows
     */
    static SubjectLines of(
            SparkSession spark,
            LakeTable table,
            ErasurePredicate what,
            Optional<ResolvedEvent> event,
            RecordJson json) {
        List<Column> inputs = new ArrayList<>(event.map(ResolvedEvent::columns).orElse(List.of()));
        List<Column> made = event.map(ResolvedEvent::tableColumns).orElse(List.of());
        List<Column> evolved =
                table.evolved().stream().map(EvolvedColumn::column).toList();
        for (Column looked : what.columns()) {
            if (named(made, looked.name()).isEmpty()) {
                inputs.add(named(evolved, looked.name()).orElse(looked));
            }
        }
        Stream<Transform> steps = event.map(ResolvedEvent::transforms).orElse(List.of()).stream()
                .filter(step -> !(step instanceof Filter));
        RowProgram program;
        try {
            program = RowProgram.compile(
                    spark,
                    inputs,
                    new StructType(),
                    Stream.concat(steps, Stream.of(new Filter(what.sql()))).toList());
        } catch (TransformException e) {
            // The event's rows have no such column: text alone tells.
            program = null;
        }
        List<View> views = new ArrayList<>();
        if (json == null) {
            views.add(new View(false, new JsonPath(List.of())));
        } else {
            json.rows().forEach(at -> views.add(new View(false, at)));
            views.add(new View(true, new JsonPath(List.of())));
        }
        return new SubjectLines(
                List.copyOf(inputs), program, List.copyOf(views), json, SubjectText.of(spark, what.sql()));
    }

    /** @param whole whether the line was refused as a whole: then what was read of it may not be all */
    @Override
    public Integer call(byte[] line, byte[] key, Boolean whole) {
        boolean read = false;
        if (program != null) {
            start();
            byte[] value = json == null || line == null ? line : json.value(line);
            byte[] id = json == null || key == null ? null : json.key(key);
            for (int view = 0; view < views.size(); view++) {
                byte[] bytes = views.get(view).key() ? id : value;
                Object[] row = bytes == null ? null : decoded(decoders.get(view), bytes);
                if (row != null) {
                    RowRunner.Outcome outcome = runner.run(new GenericInternalRow(row));
                    if (outcome == RowRunner.Outcome.KEPT) {
                        return YES;
                    }
                    read |= outcome == RowRunner.Outcome.FILTERED && isWhole(row);
                }
            }
        }
        if (read && !Boolean.TRUE.equals(whole)) {
            return NO;
        }
        return text.in(line) || text.in(key) ? YES : read ? NO : UNREAD;
    }

    private Object[] decoded(List<LineDecoder> columns, byte[] bytes) {
        Object[] row = new Object[inputs.size()];
        boolean any = false;
        for (int i = 0; i < row.length; i++) {
            LineDecoder decoder = columns.get(i);
            if (decoder != null) {
                DecodedRow found = decoder.row();
                DataType type = inputs.get(i).type().toSpark();
                row[i] = decoder.decode(bytes, 0, bytes.length, found) == null && !found.isNullAt(0)
                        ? InternalRow.copyValue(found.get(0, type))
                        : null;
                any |= row[i] != null;
            }
        }
        return any ? row : null;
    }

    private boolean isWhole(Object[] row) {
        return program.filterReads().stream().allMatch(i -> row[i] != null);
    }

    private void start() {
        if (runner == null) {
            runner = program.start();
            BitSet looked = program.filterReads();
            decoders = views.stream().map(view -> decoders(view, looked)).toList();
        }
    }

    private List<LineDecoder> decoders(View view, BitSet looked) {
        List<LineDecoder> columns = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Column column = inputs.get(i).relaxed();
            List<String> path = Stream.concat(view.at().keys().stream(), column.location().keys().stream())
                    .toList();
            columns.add(
                    looked.get(i)
                            ? LineDecoder.of(List.of(column.at(new JsonPath(path))), UnknownFields.REPORT, 0)
                            : null);
        }
        return columns;
    }

    private static Optional<Column> named(List<Column> columns, String name) {
        return columns.stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .findFirst();
    }
}
