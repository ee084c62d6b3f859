package io.firn.rig;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One table with a column of every type that a database's connector supports, and rows that hold each type's usual, odd
 * and extreme values: row 1 holds a usual value in every column, row 2 null in every column but the key {@code id}, and
 * each further row one value in one column.
 *
 * @param preparations statements before the table is created
 */
public record TypeMatrix(List<String> preparations, List<TypeColumn> columns) {
    /** What a reader of the connector's messages with schemas can know of a value. */
    public enum Kind {
        /** The value, as the oracle writes it. */
        EXACT,
        /** Another value or null: the message does not say what the source held. */
        LOST,
        /** Nothing; the row is refused, for this reason. */
        REFUSED,
        /** Nothing; the connector itself fails on it and stops, so that rows that come this way cannot have it. */
        UNREADABLE
    }

    /** How a row comes into a topic. */
    public enum Way {
        SNAPSHOT,
        LOG
    }

    /** What becomes of a value. */
    public record Outcome(Kind kind, String text) {}

    /**
     * A value.
     *
     * @param sql what inserts it
     * @param outcomes by the way it comes
     */
    public record Sample(String sql, Map<Way, Outcome> outcomes) {
        /** The same value, with another outcome where it comes in one way. */
        Sample but(Way way, Kind kind, String text) {
            Map<Way, Outcome> changed = new EnumMap<>(outcomes);
            changed.put(way, new Outcome(kind, text));
            return new Sample(sql, changed);
        }
    }

    /**
     * A column.
     *
     * @param sourceType its type in the database
     * @param type the type of Firn's that holds it
     */
    public record TypeColumn(String name, String sourceType, String type, List<Sample> samples) {}

    /**
     * A row.
     *
     * @param samples by column; columns without a sample are null
     */
    public record TypeRow(int id, Map<TypeColumn, Sample> samples) {
        /** By column, all of the table's; when one is REFUSED, so is the row. */
        public Map<String, Outcome> outcomes(TypeMatrix matrix, Way way) {
            Map<String, Outcome> outcomes = new LinkedHashMap<>();
            outcomes.put("id", new Outcome(Kind.EXACT, Integer.toString(id)));
            for (TypeColumn column : matrix.columns()) {
                Sample sample = samples.get(column);
                outcomes.put(
                        column.name(),
                        sample == null
                                ? new Outcome(Kind.EXACT, null)
                                : sample.outcomes().get(way));
            }
            return outcomes;
        }

        private boolean isReadable(Way way) {
            return samples.values().stream()
                    .noneMatch(sample -> sample.outcomes().get(way).kind() == Kind.UNREADABLE);
        }
    }

    public static TypeMatrix postgres() {
        return PostgresTypes.matrix();
    }

    public static TypeMatrix mariaDb() {
        return MariaDbTypes.matrix();
    }

    static TypeColumn column(String name, String sourceType, String type, Sample... samples) {
        return new TypeColumn(name, sourceType, type, List.of(samples));
    }

    static Sample exact(String sql, String expected) {
        return same(sql, Kind.EXACT, expected);
    }

    /** A number, which is its own text. */
    static Sample exact(String number) {
        return exact(number, number);
    }

    /** Text without quotes in it. */
    static Sample text(String text) {
        return exact("'" + text + "'", text);
    }

    static Sample lost(String sql, String expected) {
        return same(sql, Kind.LOST, expected);
    }

    static Sample refused(String sql, String reason) {
        return same(sql, Kind.REFUSED, reason);
    }

    private static Sample same(String sql, Kind kind, String text) {
        Outcome outcome = new Outcome(kind, text);
        return new Sample(sql, Map.of(Way.SNAPSHOT, outcome, Way.LOG, outcome));
    }

    /** The rows that may come in a way; a row has the same id in both. */
    public List<TypeRow> rows(Way way) {
        return rows().stream().filter(row -> row.isReadable(way)).toList();
    }

    private List<TypeRow> rows() {
        List<TypeRow> rows = new ArrayList<>();
        Map<TypeColumn, Sample> usual = new LinkedHashMap<>();
        columns.forEach(column -> usual.put(column, column.samples().get(0)));
        rows.add(new TypeRow(1, usual));
        rows.add(new TypeRow(2, Map.of()));
        for (TypeColumn column : columns) {
            for (Sample sample : column.samples().subList(1, column.samples().size())) {
                rows.add(new TypeRow(rows.size() + 1, Map.of(column, sample)));
            }
        }
        return rows;
    }

    /** Creates the table, empty. */
    public void create(Database database, String table) {
        database.execute(preparations.toArray(String[]::new));
        database.execute(columns.stream()
                .map(column -> column.name() + " " + column.sourceType())
                .collect(Collectors.joining(", ", "CREATE TABLE " + table + " (id int PRIMARY KEY, ", ")")));
    }

    /** Inserts the rows that may come in a way, in one transaction. */
    public void fill(Database database, String table, Way way) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            if (database instanceof MariaDbDatabase) {
                // Zero dates and unknown enum values are let in, as by old applications.
                statement.execute("SET sql_mode = ''");
            }
            connection.setAutoCommit(false);
            for (TypeRow row : rows(way)) {
                statement.execute(insert(table, row));
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static String insert(String table, TypeRow row) {
        List<String> names = new ArrayList<>(List.of("id"));
        List<String> values = new ArrayList<>(List.of(Integer.toString(row.id())));
        row.samples().forEach((column, sample) -> {
            names.add(column.name());
            values.add(sample.sql());
        });
        return "INSERT INTO " + table + " (" + String.join(", ", names) + ") VALUES (" + String.join(", ", values)
                + ")";
    }

    static TypeMatrix of(List<String> preparations, TypeColumn... columns) {
        return new TypeMatrix(preparations, Arrays.asList(columns));
    }
}
