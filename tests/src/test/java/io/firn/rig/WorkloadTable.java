package io.firn.rig;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One of the tables that a {@link Workload} writes. */
record WorkloadTable(String name, List<String> ddl, Key key, List<Column> columns, boolean postgres) {
    /** Texts that are hard to carry. */
    private static final List<String> ODD =
            List.of("", "x", "é😀", "a\"b\\c", "'); --", "null", "\t\n", "__debezium", " padded ");

    /** What names a row. */
    private enum Key {
        NUMBER,
        PAIR
    }

    /** A column beside the key; the placeholder casts what JDBC cannot name. */
    record Column(String name, String type, String placeholder, Function<Random, Object> values) {
        Object value(Random random) {
            // Drawn in any case, so that what follows does not depend on it.
            Object value = values.apply(random);
            return random.nextInt(12) == 0 ? null : value;
        }
    }

    static WorkloadTable numbered(String name, boolean postgres) {
        List<Column> columns = new ArrayList<>(common(postgres));
        columns.add(new Column("big", postgres ? "text" : "longtext", "?", r -> large(r)));
        columns.add(new Column("raw", postgres ? "bytea" : "longblob", "?", r -> bytes(r)));
        columns.add(
                postgres
                        ? new Column("doc", "jsonb", "?::jsonb", r -> "{\"a\": [" + r.nextInt() + ", null]}")
                        : new Column("doc", "json", "?", r -> "{\"a\": [" + r.nextInt() + ", null]}"));
        List<String> after = new ArrayList<>();
        if (postgres) {
            columns.add(new Column("nums", "int[]", "?::int[]", r -> "{" + r.nextInt(9) + ",NULL}"));
            // Outside of the row, so that updates leave them unsent.
            after.add("ALTER TABLE " + name + " ALTER big SET STORAGE EXTERNAL, ALTER raw SET STORAGE EXTERNAL");
        }
        return table(name, "id bigint NOT NULL", "id", Key.NUMBER, columns, after, postgres);
    }

    static WorkloadTable paired(String name, boolean postgres) {
        return table(
                name,
                "a int NOT NULL, b varchar(20) NOT NULL",
                "a, b",
                Key.PAIR,
                common(postgres),
                List.of(),
                postgres);
    }

    private static List<Column> common(boolean postgres) {
        String time = postgres ? "timestamptz" : "datetime(6)";
        return List.of(
                new Column("name", "varchar(60)", "?", r -> ODD.get(r.nextInt(ODD.size()))),
                new Column("amount", "numeric(12,2)", "?", r -> BigDecimal.valueOf(r.nextInt(), 2)),
                new Column("seen", time, postgres ? "?::timestamptz" : "?", WorkloadTable::time),
                new Column("ratio", "double precision", "?", r -> r.nextDouble() * 1e9),
                new Column("level", "int", "?", Random::nextInt));
    }

    private static WorkloadTable table(
            String name,
            String keyColumns,
            String key,
            Key kind,
            List<Column> columns,
            List<String> after,
            boolean postgres) {
        String rest =
                columns.stream().map(c -> ", " + c.name() + " " + c.type()).collect(Collectors.joining());
        // A text of a key tells trailing blanks and cases apart, as PostgreSQL does of itself.
        String create = "CREATE TABLE " + name + " (" + keyColumns + rest + ", PRIMARY KEY (" + key + "))"
                + (postgres ? "" : " COLLATE utf8mb4_nopad_bin");
        return new WorkloadTable(
                name, Stream.concat(Stream.of(create), after.stream()).toList(), kind, columns, postgres);
    }

    private static String large(Random random) {
        return "%08x é😀 ".formatted(random.nextInt()).repeat(200 + random.nextInt(300));
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[3_000 + random.nextInt(3_000)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Object time(Random random) {
        return "20%02d-%02d-%02d %02d:%02d:%02d.%06d"
                .formatted(
                        random.nextInt(100),
                        1 + random.nextInt(12),
                        1 + random.nextInt(28),
                        random.nextInt(24),
                        random.nextInt(60),
                        random.nextInt(60),
                        random.nextInt(1_000_000));
    }

    /** The key of a number, the same for the same number. */
    List<Object> keyValues(long number) {
        return key == Key.NUMBER
                ? List.of(number)
                : List.of((int) number / 4, ODD.get((int) (number * 7 % ODD.size())) + number % 4);
    }

    String where() {
        return key == Key.NUMBER ? " WHERE id = ?" : " WHERE a = ? AND b = ?";
    }

    String setKey() {
        return key == Key.NUMBER ? " SET id = ?" : " SET a = ?, b = ?";
    }

    String insert() {
        return "INSERT" + into();
    }

    /** Where the row exists it is updated by PostgreSQL, and deleted and inserted by MariaDB. */
    String upsert() {
        if (!postgres) {
            return "REPLACE" + into();
        }
        String set =
                columns.stream().map(c -> c.name() + " = EXCLUDED." + c.name()).collect(Collectors.joining(", "));
        return insert() + " ON CONFLICT (" + keyNames() + ") DO UPDATE SET " + set;
    }

    private String into() {
        String names = columns.stream().map(c -> ", " + c.name()).collect(Collectors.joining());
        String values = columns.stream().map(c -> ", " + c.placeholder()).collect(Collectors.joining());
        return " INTO " + name + " (" + keyNames() + names + ") VALUES (" + (key == Key.NUMBER ? "?" : "?, ?") + values
                + ")";
    }

    private String keyNames() {
        return key == Key.NUMBER ? "id" : "a, b";
    }
}
