package io.firn.rig;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.spark.sql.types.DataType;

/**
 * A table as its database tells it, every value as text that the database writes itself.
 *
 * @param key the positions of the primary key's columns; empty without one
 */
record SourceTable(Database database, String name, List<Column> columns, List<Integer> key) {
    private static final String POSTGRES_COLUMNS =
            """
            SELECT a.attname,
                   CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod)
                                  WHEN 'e' THEN 'text'
                                  ELSE format_type(a.atttypid, a.atttypmod) END
              FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
             WHERE attrelid = 'public."%s"'::regclass AND attnum > 0 AND NOT attisdropped
             ORDER BY attnum
            """;
    private static final String MARIADB_COLUMNS =
            """
            SELECT column_name, column_type FROM information_schema.columns
             WHERE table_schema = '%s' AND table_name = '%s' ORDER BY ordinal_position
            """;
    // As the connector counts: a year has 365.25 days.
    private static final String INTERVAL =
            """
            trunc(((extract(year from %1$s) * 12 + extract(month from %1$s)) * 2629800 + extract(day from %1$s) * 86400
             + extract(hour from %1$s) * 3600 + extract(minute from %1$s) * 60 + extract(second from %1$s)) * 1000000)::text
            """;

    /**
     * One column.
     *
     * @param type as the database names it, of the elements where it is an array
     * @param isArray whether its text is a JSON array of the elements' texts
     */
    record Column(String name, String type, boolean isArray) {
        boolean isHstore() {
            return type.equals("hstore");
        }
    }

    static SourceTable of(Database database, String table, Set<String> leftOut) {
        try (Connection connection = database.connect()) {
            List<Column> columns = columns(database, connection, table).stream()
                    .filter(c -> !leftOut.contains(c.name()))
                    .toList();
            if (columns.isEmpty()) {
                throw new IllegalArgumentException("the source has no table " + table);
            }
            Set<String> key = key(database, connection, table);
            List<Integer> positions = IntStream.range(0, columns.size())
                    .filter(i -> key.contains(columns.get(i).name()))
                    .boxed()
                    .toList();
            return new SourceTable(database, table, columns, positions);
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private static List<Column> columns(Database database, Connection connection, String table) throws SQLException {
        String sql = database instanceof PostgresDatabase
                ? POSTGRES_COLUMNS.formatted(table)
                : MARIADB_COLUMNS.formatted(database.name(), table);
        List<Column> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                String type = rows.getString(2);
                boolean array = type.endsWith("[]");
                columns.add(new Column(rows.getString(1), array ? type.substring(0, type.length() - 2) : type, array));
            }
        }
        return columns;
    }

    private static Set<String> key(Database database, Connection connection, String table) throws SQLException {
        Set<String> key = new HashSet<>();
        String schema = database instanceof PostgresDatabase ? "public" : null;
        try (ResultSet rows = connection.getMetaData().getPrimaryKeys(connection.getCatalog(), schema, table)) {
            while (rows.next()) {
                key.add(rows.getString("COLUMN_NAME"));
            }
        }
        return key;
    }

    /** All rows, each value in the form that {@link LakeValue} gives the same value in a column of the lake's type. */
    List<List<String>> rows(List<DataType> types) {
        String selected = columns.stream().map(this::selected).collect(Collectors.joining(", "));
        String quoted = database instanceof PostgresDatabase ? "\"" + name + "\"" : "`" + name + "`";
        List<List<String>> rows = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT " + selected + " FROM " + quoted)) {
            while (found.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < columns.size(); i++) {
                    values.add(SourceValue.text(columns.get(i), found.getString(i + 1), types.get(i)));
                }
                rows.add(values);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        return rows;
    }

    private String selected(Column column) {
        return database instanceof PostgresDatabase
                ? postgres(column, "\"" + column.name() + "\"")
                : mariaDb(column, "`" + column.name() + "`");
    }

    private static String postgres(Column column, String name) {
        if (column.isArray()) {
            return "to_json(" + name + "::text[])::text";
        }
        return switch (SourceValue.base(column.type())) {
            case "money" -> name + "::numeric::text";
            case "hstore" -> "hstore_to_json(" + name + ")::text";
            case "interval" -> INTERVAL.formatted(name);
            // The connector leaves out zero bytes at the high end.
            case "bit" -> column.type().equals("bit(1)") ? name + "::text" : "ltrim(" + name + "::text, '0')";
            // A cast to text would trim char(n) and add /32 to inet.
            default -> "CASE WHEN " + name + " IS NULL THEN NULL ELSE concat(" + name + ") END";
        };
    }

    private static String mariaDb(Column column, String name) {
        return switch (SourceValue.base(column.type())) {
            case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob" -> "hex(" + name + ")";
            case "bit" ->
                "lpad(bin(cast(%s AS unsigned)), %s, '0')"
                        .formatted(name, column.type().replaceAll("[^0-9]", ""));
            // Text of a float itself has six digits only.
            case "float" -> "cast(" + name + " AS double)";
            case "point" -> "concat(st_x(" + name + "), ',', st_y(" + name + "))";
            case "geometry", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon" ->
                "hex(st_aswkb(" + name + "))";
            default -> "cast(" + name + " AS char)";
        };
    }

    String keyOf(List<String> row) {
        return key.stream().map(i -> columns.get(i).name() + "=" + row.get(i)).collect(Collectors.joining(", "));
    }

    String told(List<String> row) {
        return IntStream.range(0, row.size())
                .mapToObj(i -> columns.get(i).name() + "=" + row.get(i))
                .collect(Collectors.joining(", "));
    }
}
