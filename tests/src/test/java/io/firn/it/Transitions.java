package io.firn.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.firn.rig.Database;

/**
 * A table with a column for every type that becomes another one: dropped, and added again. The row of id 1 was written
 * before, the row of id 2 after it.
 *
 * @param how the database is to do it, in SQL: MariaDB keeps dropped columns in its rows else, which are full of them
 */
record Transitions(List<Type> types, String how) {
    static final Transitions POSTGRES = new Transitions(
            List.of(
                    new Type("smallint", "1"),
                    new Type("integer", "-2"),
                    new Type("bigint", "3000000000"),
                    new Type("numeric(8,2)", "4.25"),
                    new Type("numeric(12,2)", "1234567890.25"),
                    new Type("numeric(12,4)", "5.1234"),
                    new Type("real", "1.5"),
                    new Type("double precision", "0.1"),
                    new Type("boolean", "true"),
                    new Type("text", "'42'"),
                    new Type("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"),
                    new Type("date", "'2026-03-01'"),
                    new Type("timestamp", "'2026-03-01 12:34:56.123456'"),
                    new Type("timestamptz", "'2026-03-29 02:30:00.5+00'"),
                    new Type("bytea", "'\\x00ff'"),
                    new Type("jsonb", "'{\"a\": 1}'"),
                    new Type("integer[]", "'{1,NULL,-3}'"),
                    new Type("bigint[]", "'{3000000000}'"),
                    new Type("text[]", "'{a,NULL,\"b,c\"}'")),
            "");

    static final Transitions MARIADB = new Transitions(
            List.of(
                    new Type("tinyint", "1"),
                    new Type("int", "-2"),
                    new Type("bigint", "3000000000"),
                    new Type("bigint unsigned", "4"),
                    new Type("decimal(8,2)", "4.25"),
                    new Type("decimal(12,2)", "1234567890.25"),
                    new Type("decimal(12,4)", "5.1234"),
                    new Type("float", "1.5"),
                    new Type("double", "0.1"),
                    new Type("varchar(5)", "'42'"),
                    new Type("date", "'2026-03-01'"),
                    new Type("datetime(6)", "'2026-03-01 12:34:56.123456'"),
                    new Type("timestamp(6)", "'2026-03-29 02:30:00.5'"),
                    new Type("time(6)", "'13:14:15.123456'"),
                    new Type("varbinary(4)", "x'00ff'"),
                    new Type("json", "'{\"a\": 1}'")),
            ", ALGORITHM=COPY");

    /** A type and a value of it, in SQL. */
    record Type(String name, String value) {}

    /** A column whose type changes. */
    record Change(String column, Type from, Type to) {}

    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        IntStream.range(0, types.size()).forEach(from -> IntStream.range(0, types.size())
                .filter(to -> to != from)
                .forEach(to -> changes.add(
                        new Change(String.format(Locale.ROOT, "c_%d_%d", from, to), types.get(from), types.get(to)))));
        return changes;
    }

    void create(Database database, String table) {
        database.execute(
                "CREATE TABLE " + table + " (id int PRIMARY KEY, "
                        + list(change -> change.column() + " " + change.from().name() + " NULL") + ")",
                "INSERT INTO " + table + " VALUES (1, "
                        + list(change -> change.from().value()) + ")");
    }

    void change(Database database, String table) {
        database.execute(
                "ALTER TABLE " + table + " " + list(change -> "DROP COLUMN " + change.column()) + how,
                "ALTER TABLE " + table + " "
                        + list(change -> "ADD COLUMN " + change.column() + " "
                                + change.to().name() + " NULL")
                        + how,
                "INSERT INTO " + table + " VALUES (2, "
                        + list(change -> change.to().value()) + ")");
    }

    private String list(Function<Change, String> part) {
        return changes().stream().map(part).collect(Collectors.joining(", "));
    }
}
