package io.firn.rig;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A writer of random transactions on two tables of a database, the same for the same seed: one keyed by a number, one by
 * a number and a text. Few keys, so that most transactions touch rows that others touched, and one row several times;
 * rows that went come back; large values stay unsent by most updates.
 */
public final class Workload {
    /** What it did; statements that met no row count too. */
    public enum Done {
        INSERT,
        UPSERT,
        UPDATE,
        KEY_CHANGE,
        DELETE,
        ROLLBACK,
        PARTIAL_ROLLBACK,
        TRUNCATE
    }

    private static final int KEYS = 40;
    private static final int MAX_STATEMENTS = 6;

    private final Database database;
    private final Random random;
    private final List<WorkloadTable> tables;
    private final Map<Done, Integer> done = new EnumMap<>(Done.class);
    private final boolean truncating;
    private long lastKey;

    private Workload(Database database, String name, long seed, boolean truncating) {
        this.database = database;
        this.random = new Random(seed);
        this.truncating = truncating;
        boolean postgres = database instanceof PostgresDatabase;
        tables = List.of(WorkloadTable.numbered(name, postgres), WorkloadTable.paired(name + "_pair", postgres));
    }

    /** On tables {@code name} and {@code name_pair}, which {@link #create} creates. */
    public static Workload of(Database database, String name, long seed) {
        return new Workload(database, name, seed, false);
    }

    /** One that truncates a table now and then. */
    public static Workload truncating(Database database, String name, long seed) {
        return new Workload(database, name, seed, true);
    }

    /** The tables that it writes. */
    public List<String> tables() {
        return tables.stream().map(WorkloadTable::name).toList();
    }

    public Workload create() {
        tables.forEach(table -> database.execute(table.ddl().toArray(String[]::new)));
        return this;
    }

    /** Runs this many more transactions; returns what was done since the beginning. */
    public Map<Done, Integer> run(int transactions) {
        try (Connection connection = database.connect()) {
            connection.setAutoCommit(false);
            for (int i = 0; i < transactions; i++) {
                if (truncating && random.nextInt(50) == 0) {
                    truncate(connection);
                } else {
                    transaction(connection);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        return Map.copyOf(done);
    }

    private void truncate(Connection connection) throws SQLException {
        execute(connection, "TRUNCATE TABLE " + any(tables).name(), List.of());
        connection.commit();
        count(Done.TRUNCATE);
    }

    private void transaction(Connection connection) throws SQLException {
        int statements = 1 + random.nextInt(MAX_STATEMENTS);
        for (int s = 0; s < statements; s++) {
            if (random.nextInt(15) == 0) {
                Savepoint before = connection.setSavepoint();
                statement(connection);
                connection.rollback(before);
                count(Done.PARTIAL_ROLLBACK);
            } else {
                statement(connection);
            }
        }
        if (random.nextInt(10) == 0) {
            connection.rollback();
            count(Done.ROLLBACK);
        } else {
            connection.commit();
        }
    }

    private void statement(Connection connection) throws SQLException {
        WorkloadTable table = any(tables);
        long key = random.nextInt(3) == 0 ? lastKey : random.nextInt(KEYS);
        lastKey = key;
        int kind = random.nextInt(100);
        if (kind < 25) {
            if (!exists(connection, table, key)) {
                execute(connection, table.insert(), all(table, key));
                count(Done.INSERT);
            }
        } else if (kind < 32) {
            execute(connection, table.upsert(), all(table, key));
            count(Done.UPSERT);
        } else if (kind < 75) {
            update(connection, table, key);
        } else if (kind < 85) {
            changeKey(connection, table, key);
        } else {
            execute(connection, "DELETE FROM " + table.name() + table.where(), table.keyValues(key));
            count(Done.DELETE);
        }
    }

    private void update(Connection connection, WorkloadTable table, long key) throws SQLException {
        List<WorkloadTable.Column> shuffled = new ArrayList<>(table.columns());
        Collections.shuffle(shuffled, random);
        List<WorkloadTable.Column> set = shuffled.subList(0, 1 + random.nextInt(2));
        String assignments =
                set.stream().map(c -> c.name() + " = " + c.placeholder()).collect(Collectors.joining(", "));
        List<Object> values = new ArrayList<>();
        set.forEach(column -> values.add(column.value(random)));
        values.addAll(table.keyValues(key));
        execute(connection, "UPDATE " + table.name() + " SET " + assignments + table.where(), values);
        count(Done.UPDATE);
    }

    private void changeKey(Connection connection, WorkloadTable table, long key) throws SQLException {
        long other = random.nextInt(KEYS);
        if (exists(connection, table, key) && !exists(connection, table, other)) {
            List<Object> values = new ArrayList<>(table.keyValues(other));
            values.addAll(table.keyValues(key));
            execute(connection, "UPDATE " + table.name() + table.setKey() + table.where(), values);
            lastKey = other;
            count(Done.KEY_CHANGE);
        }
    }

    private List<Object> all(WorkloadTable table, long key) {
        List<Object> values = new ArrayList<>(table.keyValues(key));
        table.columns().forEach(column -> values.add(column.value(random)));
        return values;
    }

    private static boolean exists(Connection connection, WorkloadTable table, long key) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT 1 FROM " + table.name() + table.where())) {
            bind(statement, table.keyValues(key));
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Connection connection, String sql, List<Object> values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, values);
            statement.execute();
        }
    }

    private static void bind(PreparedStatement statement, List<Object> values) throws SQLException {
        for (int i = 0; i < values.size(); i++) {
            statement.setObject(i + 1, values.get(i));
        }
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private void count(Done what) {
        done.merge(what, 1, Integer::sum);
    }
}
