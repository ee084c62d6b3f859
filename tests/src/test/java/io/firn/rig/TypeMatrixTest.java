package io.firn.rig;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.spark.sql.types.DataType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firn.change.Change;
import io.firn.change.ChangeDecoder;
import io.firn.change.ChangeFormat;
import io.firn.change.ChangeFormat.Envelope;
import io.firn.change.ChangeFormat.Schemas;
import io.firn.change.KafkaRecord;
import io.firn.change.Message;
import io.firn.change.Message.Refused;
import io.firn.rig.TypeMatrix.Kind;
import io.firn.rig.TypeMatrix.TypeRow;
import io.firn.rig.TypeMatrix.Way;
import io.firn.schema.Column;
import io.firn.schema.ColumnType;

/** Every value of every type, read by a snapshot and from the log, is exact, or lost or refused as the matrix says. */
@ExtendWith(RigExtension.class)
class TypeMatrixTest {
    private final Rig rig;

    TypeMatrixTest(Rig rig) {
        this.rig = rig.all();
    }

    @Test
    void postgresql() {
        check(TypeMatrix.postgres(), rig.postgres().database("type_matrix"));
    }

    @Test
    void mariadb() {
        check(TypeMatrix.mariaDb(), rig.mariaDb().database("type_matrix"));
    }

    private void check(TypeMatrix matrix, Database database) {
        matrix.create(database, "before_start");
        matrix.create(database, "after_start");
        matrix.fill(database, "before_start", Way.SNAPSHOT);
        try (Connector connector =
                rig.connector(database, "before_start", "after_start").start()) {
            connector.catchUp();
            matrix.fill(database, "after_start", Way.LOG);
            connector.catchUp();

            List<String> differences = new ArrayList<>();
            differences.addAll(differences(
                    "snapshot",
                    expected(matrix, Way.SNAPSHOT),
                    decoded(matrix, Way.SNAPSHOT, connector.topic("before_start"))));
            differences.addAll(differences(
                    "log", expected(matrix, Way.LOG), decoded(matrix, Way.LOG, connector.topic("after_start"))));
            differences.addAll(differences("source", exact(matrix), held(matrix, database)));
            assertThat(differences).isEmpty();
        }
    }

    private static List<Column> columns(TypeMatrix matrix) {
        List<Column> columns = new ArrayList<>(List.of(column("id", "int")));
        matrix.columns().forEach(c -> columns.add(column(c.name(), c.type())));
        return columns;
    }

    private static Column column(String name, String type) {
        return new Column(name, ColumnType.parse(type), null, null, false, null);
    }

    /** By row, what the messages say of each column that is not null, or why they are refused. */
    private Map<Integer, Map<String, String>> decoded(TypeMatrix matrix, Way way, String topic) {
        List<Column> columns = columns(matrix);
        ChangeDecoder decoder =
                new ChangeDecoder(columns, List.of("id"), ChangeFormat.of(Schemas.IN_MESSAGE, Envelope.DEBEZIUM), 0, 0);
        Map<Integer, Map<String, String>> rows = new TreeMap<>();
        Iterator<TypeRow> ids = matrix.rows(way).iterator();
        for (ConsumerRecord<byte[], byte[]> record : rig.kafka().read(topic)) {
            Message message = decoder.decode(new KafkaRecord(
                    topic,
                    record.partition(),
                    record.offset(),
                    record.timestamp(),
                    record.key(),
                    record.value(),
                    List.of()));
            Map<String, String> row = new LinkedHashMap<>();
            if (message instanceof Refused refused) {
                row.put(
                        refused.rejection().column(),
                        "REFUSED: " + refused.rejection().reason());
            } else {
                Change change = (Change) message;
                for (int i = 1; i < columns.size(); i++) {
                    String value = LakeValue.text(
                            change.row(), i, columns.get(i).type().toSpark());
                    row.put(
                            columns.get(i).name(),
                            matrix.columns().get(i - 1).sourceType().equals("hstore")
                                    ? SourceValue.sortedJson(value)
                                    : value);
                }
            }
            rows.put(ids.next().id(), row);
        }
        return rows;
    }

    private static Map<Integer, Map<String, String>> expected(TypeMatrix matrix, Way way) {
        Map<Integer, Map<String, String>> rows = new TreeMap<>();
        for (TypeRow row : matrix.rows(way)) {
            Map<String, String> values = new LinkedHashMap<>();
            row.outcomes(matrix, way).forEach((column, outcome) -> values.put(column, outcome.text()));
            row.outcomes(matrix, way).forEach((column, outcome) -> {
                if (outcome.kind() == Kind.REFUSED) {
                    values.clear();
                    values.put(column, "REFUSED: " + outcome.text());
                }
            });
            values.remove("id");
            rows.put(row.id(), values);
        }
        return rows;
    }

    /** What the database itself says it holds, where the matrix calls it exact. */
    private static Map<Integer, Map<String, String>> held(TypeMatrix matrix, Database database) {
        SourceTable table = SourceTable.of(database, "after_start", Set.of());
        List<DataType> types =
                columns(matrix).stream().map(c -> c.type().toSpark()).toList();
        Map<Integer, Map<String, String>> exact = exact(matrix);
        Map<Integer, Map<String, String>> rows = new TreeMap<>();
        for (List<String> values : table.rows(types)) {
            int id = Integer.parseInt(values.get(0));
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 1; i < values.size(); i++) {
                String column = table.columns().get(i).name();
                if (exact.get(id).containsKey(column)) {
                    row.put(column, values.get(i));
                }
            }
            rows.put(id, row);
        }
        return rows;
    }

    private static Map<Integer, Map<String, String>> exact(TypeMatrix matrix) {
        Map<Integer, Map<String, String>> rows = new TreeMap<>();
        for (TypeRow row : matrix.rows(Way.LOG)) {
            Map<String, String> values = new LinkedHashMap<>();
            row.outcomes(matrix, Way.LOG).forEach((column, outcome) -> {
                if (outcome.kind() == Kind.EXACT && !column.equals("id")) {
                    values.put(column, outcome.text());
                }
            });
            rows.put(row.id(), values);
        }
        return rows;
    }

    private static List<String> differences(
            String where, Map<Integer, Map<String, String>> expected, Map<Integer, Map<String, String>> found) {
        List<String> differences = new ArrayList<>();
        Set<Integer> ids = new TreeSet<>(expected.keySet());
        ids.addAll(found.keySet());
        for (int id : ids) {
            Map<String, String> wanted = expected.getOrDefault(id, Map.of());
            Map<String, String> got = found.getOrDefault(id, Map.of());
            Set<String> columns = new TreeSet<>(wanted.keySet());
            columns.addAll(got.keySet());
            for (String column : columns) {
                if (!Objects.equals(wanted.get(column), got.get(column))) {
                    differences.add(where + ", row " + id + ", " + column + ": expected " + wanted.get(column)
                            + ", found " + got.get(column));
                }
            }
        }
        return differences;
    }
}
