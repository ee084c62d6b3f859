package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.avro.io.DecoderFactory;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.ExitCode;
import io.firn.RunResult;
import io.firn.SparkExtension;
import io.firn.rig.Connector;
import io.firn.rig.Database;
import io.firn.rig.Registry;
import io.firn.rig.Rig;
import io.firn.rig.RigExtension;
import io.firn.rig.TypeMatrix;
import io.firn.rig.TypeMatrix.Kind;
import io.firn.rig.TypeMatrix.Outcome;
import io.firn.rig.TypeMatrix.TypeRow;
import io.firn.rig.TypeMatrix.Way;
import io.firn.rig.TypeRows;
import io.firn.schema.ColumnType;

/**
 * Every value of every type, read by a snapshot and from the log: the table holds what the source holds, or the row is
 * quarantined and the column named; where the message itself does not say what the source held, what arrives is pinned.
 */
@ExtendWith({SparkExtension.class, RigExtension.class})
class ChangeTypesTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path home;

    @Test
    void postgresql(SparkSession spark, Rig rig) throws IOException {
        check(spark, rig, rig.postgres().database("lake_types"), TypeMatrix.postgres(), null);
    }

    @Test
    void postgresqlInAvro(SparkSession spark, Rig rig) throws IOException {
        check(spark, rig, rig.postgres().database("avro_types"), TypeMatrix.postgres(), rig.registry());
    }

    @Test
    void mariadbInAvro(SparkSession spark, Rig rig) throws IOException {
        check(spark, rig, rig.mariaDb().database("avro_types"), TypeMatrix.mariaDb(), rig.registry());
    }

    @Test
    void mariadb(SparkSession spark, Rig rig) throws IOException {
        check(spark, rig, rig.mariaDb().database("lake_types"), TypeMatrix.mariaDb(), null);
    }

    /** @param registry where the schemas are; null: in the messages */
    private void check(SparkSession spark, Rig rig, Database database, TypeMatrix matrix, Registry registry)
            throws IOException {
        matrix.create(database, "shown");
        matrix.create(database, "logged");
        matrix.fill(database, "shown", Way.SNAPSHOT);
        Connector.Plan plan = rig.connector(database, "shown", "logged");
        try (Connector connector = (registry == null ? plan : plan.avro(registry)).start();
                Workspace lake = Workspace.of(home, spark, yaml(rig, connector, registry))) {
            connector.catchUp();
            matrix.fill(database, "logged", Way.LOG);
            connector.catchUp();

            RunResult run = lake.drain();

            assertThat(run.problems()).isEmpty();
            assertThat(run.exit()).isEqualTo(ExitCode.OK);
            List<String> differences = new ArrayList<>();
            differences.addAll(differences(matrix, Way.SNAPSHOT, database, "shown", lake));
            differences.addAll(differences(matrix, Way.LOG, database, "logged", lake));
            assertThat(differences).isEmpty();
            assertThat(refused(lake, connector, "shown")).isEqualTo(refused(matrix, Way.SNAPSHOT));
            assertThat(refused(lake, connector, "logged")).isEqualTo(refused(matrix, Way.LOG));
        }
    }

    private static String yaml(Rig rig, Connector connector, Registry registry) {
        return """
                pipeline: types
                source:
                  type: debezium
                  brokers: %s
                  topic-pattern: '%s\\..*\\.(shown|logged)'
                %sdefaults: {max-quarantined: 1.0}
                """
                .formatted(
                        rig.kafka().bootstrap(),
                        connector.prefix(),
                        registry == null
                                ? ""
                                : "  format: {registry: {type: confluent, url: '" + registry.confluent() + "'}}\n");
    }

    private static List<String> differences(
            TypeMatrix matrix, Way way, Database database, String table, Workspace lake) {
        Dataset<Row> rows = lake.spark().table("lake.types." + table);
        Map<Integer, Map<String, String>> held = TypeRows.ofLake(matrix, rows);
        Map<Integer, Map<String, String>> source = TypeRows.ofSource(database, table, rows.schema());
        List<String> differences = new ArrayList<>();
        for (TypeMatrix.TypeColumn column : matrix.columns()) {
            String type = rows.schema().apply(column.name()).dataType().sql();
            String expected = ColumnType.parse(column.type()).toSpark().sql();
            if (!type.equals(expected)) {
                differences.add(column.name() + ": expected " + expected + ", found " + type);
            }
        }
        for (TypeRow row : matrix.rows(way)) {
            Map<String, Outcome> outcomes = row.outcomes(matrix, way);
            outcomes.remove("id");
            boolean refused = outcomes.values().stream().anyMatch(o -> o.kind() == Kind.REFUSED);
            if (refused == held.containsKey(row.id())) {
                differences.add(table + ", row " + row.id() + ": " + (refused ? "not refused" : "missing"));
            } else if (!refused) {
                outcomes.forEach((column, outcome) -> {
                    String found = held.get(row.id()).get(column);
                    String there = source.get(row.id()).get(column);
                    boolean exact = outcome.kind() == Kind.EXACT;
                    if (!Objects.equals(found, exact ? there : outcome.text())
                            || exact != Objects.equals(found, there)) {
                        differences.add(table + ", row " + row.id() + ", " + column + ": source " + there
                                + ", expected " + outcome + ", found " + found);
                    }
                });
            }
        }
        held.keySet().removeAll(matrix.rows(way).stream().map(TypeRow::id).toList());
        held.forEach((id, row) -> differences.add(table + ", row " + id + ": only in the lake"));
        return differences;
    }

    private static Map<Integer, String> refused(TypeMatrix matrix, Way way) {
        Map<Integer, String> refused = new TreeMap<>();
        matrix.rows(way).forEach(row -> row.outcomes(matrix, way).forEach((column, outcome) -> {
            if (outcome.kind() == Kind.REFUSED) {
                refused.put(row.id(), column + ": " + outcome.text());
            }
        }));
        return refused;
    }

    /** Of a key in JSON, or of one in Avro: a number of variable length after the schema's id. */
    private static int id(byte[] key) throws IOException {
        return key[0] == '{'
                ? JSON.readTree(key).at("/payload/id").asInt()
                : DecoderFactory.get()
                        .binaryDecoder(key, 5, key.length - 5, null)
                        .readInt();
    }

    private static Map<Integer, String> refused(Workspace lake, Connector connector, String table) throws IOException {
        Map<Integer, String> refused = new TreeMap<>();
        for (Row row : lake.spark()
                .table("lake.types.firn_quarantine")
                .where("event = '" + connector.topic(table) + "'")
                .select("record_key", "column_name", "reason")
                .collectAsList()) {
            int id = id((byte[]) row.get(0));
            String twice = refused.put(id, row.getString(1) + ": " + row.getString(2));
            assertThat(twice).isNull();
        }
        return refused;
    }
}
