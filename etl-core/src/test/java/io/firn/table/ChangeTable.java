package io.firn.table;

import static io.firn.table.TestLake.column;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

import org.apache.iceberg.data.Record;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

import io.firn.schema.Column;
import io.firn.schema.ColumnType;
import io.firn.schema.ColumnType.Scalar;
import io.firn.table.StagedChanges.Deletes;
import io.firn.table.TableDefinition.WriteMode;

/** A table of changes with awkward names and types, and what it must hold by a plain map's reckoning. */
final class ChangeTable {
    static final TableName NAME = TableName.parse("lake.shop.select");
    static final List<String> KEYS = List.of("id", "re`gion.x");
    static final List<Column> COLUMNS = List.of(
            new Column("id", Scalar.LONG, null, null, true, null),
            new Column("re`gion.x", Scalar.STRING, null, null, true, null),
            column("order", Scalar.STRING),
            column("day", Scalar.DATE),
            new Column("amount", ColumnType.parse("decimal(12,2)"), null, null, false, null),
            new Column("at", ColumnType.parse("struct<x: int not null, s: string>"), null, null, false, null));
    static final int ORDER = 2;
    static final int AMOUNT = 4;

    private final SparkSession spark;
    private final Path directory;
    final LakeTable table;
    private final Deletes deletes;
    private final Map<RowKey, State> model = new TreeMap<>();

    record RowKey(long id, String region) implements Comparable<RowKey> {
        @Override
        public int compareTo(RowKey other) {
            int byId = Long.compare(id, other.id);
            return byId == 0 ? region.compareTo(other.region) : byId;
        }
    }

    /** One staged change; values are order, day, amount and at's x, null for a delete. */
    record Change(RowKey key, String op, List<Object> values, String position, Set<Integer> unavailable) {}

    /** A row of the table. */
    record State(List<Object> values, String op, String position) {}

    ChangeTable(SparkSession spark, Path directory, LakeTable table, Deletes deletes) {
        this.spark = spark;
        this.directory = directory;
        this.table = table;
        this.deletes = deletes;
    }

    static TableDefinition definition(WriteMode mode, int formatVersion, String... partitionBy) {
        return new TableDefinition(
                NAME,
                null,
                List.of(partitionBy).stream().map(PartitionField::parse).toList(),
                null,
                KEYS,
                null,
                null,
                mode,
                formatVersion);
    }

    static LakeTable create(TestLake lake, WriteMode mode, int formatVersion, String... partitionBy) {
        return lake.catalog.ensure(
                definition(mode, formatVersion, partitionBy), COLUMNS, LoadColumns.CHANGE, TestLake.ORIGIN);
    }

    /** Writes changes as the fold would. */
    StagedChanges stage(List<Change> changes, String floor) {
        String path = directory.resolve("staged-" + UUID.randomUUID()).toString();
        List<Row> rows = new ArrayList<>();
        Set<Integer> unavailable = new TreeSet<>();
        Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
        for (Change change : changes) {
            List<Object> v = change.values == null ? java.util.Arrays.asList(null, null, null, null) : change.values;
            unavailable.addAll(change.unavailable);
            rows.add(RowFactory.create(
                    change.key.id,
                    change.key.region,
                    v.get(0),
                    v.get(1),
                    v.get(2),
                    v.get(3) == null ? null : RowFactory.create(v.get(3), "s" + v.get(3)),
                    change.position,
                    change.op,
                    Instant.ofEpochSecond(1_600_000_000),
                    now,
                    change.unavailable.isEmpty() ? null : change.unavailable.toArray(Integer[]::new)));
        }
        spark.createDataFrame(rows, StagedChanges.rowType(COLUMNS, LoadColumns.CHANGE))
                .repartition(2)
                .write()
                .parquet(path);
        return new StagedChanges(path, rows.size(), KEYS, COLUMNS, LoadColumns.CHANGE, unavailable, floor, deletes);
    }

    /** Applies changes to the model; returns how many were too old. */
    long apply(List<Change> changes, String floor) {
        if (floor != null) {
            model.values().removeIf(row -> row.position.compareTo(floor) < 0);
        }
        long stale = 0;
        for (Change change : changes) {
            State is = model.get(change.key);
            if (is != null && is.position.compareTo(change.position) >= 0) {
                stale++;
            } else if (change.op.equals("d")) {
                delete(change, is);
            } else {
                List<Object> values = new ArrayList<>(change.values);
                change.unavailable.forEach(i -> values.set(i - 2, is.values.get(i - 2)));
                model.put(change.key, new State(values, change.op, change.position));
            }
        }
        return stale;
    }

    private void delete(Change change, State is) {
        if (deletes == Deletes.HARD) {
            model.remove(change.key);
        } else {
            List<Object> values = is == null ? java.util.Arrays.asList(null, null, null, null) : is.values;
            model.put(change.key, new State(values, "d", change.position));
        }
    }

    boolean holds(RowKey key) {
        return model.containsKey(key);
    }

    String positionOf(RowKey key) {
        return Optional.ofNullable(model.get(key)).map(State::position).orElse(null);
    }

    Map<RowKey, State> model() {
        return model;
    }

    /** What the table holds, read by Iceberg's own reader; fails when a key is there twice. */
    static Map<RowKey, State> rows(LakeTable table) {
        Map<RowKey, State> rows = new TreeMap<>();
        for (Record row : TestLake.rows(table.table())) {
            Record at = (Record) row.getField("at");
            List<Object> values = new ArrayList<>();
            values.add(row.getField("order"));
            LocalDate day = (LocalDate) row.getField("day");
            values.add(day);
            values.add((BigDecimal) row.getField("amount"));
            values.add(at == null ? null : at.getField("x"));
            RowKey key = new RowKey((Long) row.getField("id"), (String) row.getField("re`gion.x"));
            State state = new State(values, (String) row.getField("firn_op"), (String) row.getField("firn_position"));
            if (rows.put(key, state) != null) {
                throw new AssertionError("key " + key + " is in the table twice");
            }
            OffsetDateTime loaded = (OffsetDateTime) row.getField("firn_loaded_at");
            if (loaded == null || !loaded.getOffset().equals(ZoneOffset.UTC)) {
                throw new AssertionError("key " + key + " has no load time");
            }
        }
        return rows;
    }
}
