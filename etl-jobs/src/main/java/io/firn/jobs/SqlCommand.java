package io.firn.jobs;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

import io.firn.function.SqlFunctions;

@Command(
        name = "sql",
        description = {
            "Run one Spark SQL statement on the project's catalogs.",
            "Tables are named catalog.namespace.table, as in lake.github.push_event."
        })
final class SqlCommand implements Callable<Integer> {
    private static final int MOST_ROWS = 1000;

    @ParentCommand
    private Firn firn;

    @Parameters(paramLabel = "STATEMENT", description = "The statement, as one argument.")
    private String statement;

    @Override
    public Integer call() {
        Console console = firn.shared().console();
        try (Lake lake = Lake.open("sql", firn.shared().project())) {
            SqlFunctions.registerAll(lake.spark());
            Dataset<Row> rows = lake.spark().sql(statement);
            if (console.isJson()) {
                json(rows, console);
            } else {
                console.result(null, text(rows));
            }
        }
        return 0;
    }

    /** All rows, one after the other: a result may be larger than the memory. */
    private static void json(Dataset<Row> rows, Console console) {
        Iterator<String> lines = rows.toJSON().toLocalIterator();
        // The first row is made before anything is printed: a statement that fails prints nothing.
        boolean more = lines.hasNext();
        console.print("[");
        String separator = "";
        while (more) {
            console.print(separator + lines.next());
            separator = ",\n";
            more = lines.hasNext();
        }
        console.line("]");
    }

    static String text(Dataset<Row> rows) {
        String[] columns = rows.columns();
        if (columns.length == 0) {
            return "done";
        }
        List<Row> some = readable(rows.limit(MOST_ROWS + 1)).collectAsList();
        TextTable table = new TextTable(columns);
        some.stream().limit(MOST_ROWS).forEach(row -> table.row(cells(row)));
        String more = some.size() > MOST_ROWS ? "... and more; --output json prints all rows\n" : "";
        return table.print() + more;
    }

    /** Nested columns as JSON, which names their fields. */
    private static Dataset<Row> readable(Dataset<Row> rows) {
        if (Stream.of(rows.schema().fields()).noneMatch(SqlCommand::isNested)) {
            return rows;
        }
        // By names of our own: those of the result may stand twice.
        String[] names =
                IntStream.range(0, rows.columns().length).mapToObj(i -> "c" + i).toArray(String[]::new);
        Dataset<Row> named = rows.toDF(names);
        return named.select(Stream.of(named.schema().fields())
                .map(field -> isNested(field) ? functions.to_json(named.col(field.name())) : named.col(field.name()))
                .toArray(Column[]::new));
    }

    private static boolean isNested(StructField field) {
        return field.dataType() instanceof StructType
                || field.dataType() instanceof ArrayType
                || field.dataType() instanceof MapType;
    }

    private static Object[] cells(Row row) {
        Object[] cells = new Object[row.length()];
        for (int i = 0; i < cells.length; i++) {
            cells[i] = row.isNullAt(i) || row.get(i) instanceof Number
                    ? row.get(i)
                    : row.get(i).toString();
        }
        return cells;
    }
}
