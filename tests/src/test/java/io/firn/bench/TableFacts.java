package io.firn.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

import io.firn.schema.Column;

/**
 * What a side's tables hold, one line of text per type, the same text for the same rows: rows of well-formed lines and a
 * checksum per column over them; apart from these the rows made of malformed lines, and the bytes and number of data
 * files.
 */
record TableFacts(String type, String rows, long malformed, long bytes, long files) {
    /** Where Firn puts the lines it refused. */
    static final String QUARANTINE = Lake.NAMESPACE + ".firn_quarantine";

    /** Arguments: the file to write, the day, the number of types. */
    public static void main(String[] args) throws Exception {
        List<String> facts = new ArrayList<>();
        try (SparkSession spark = new Lake(Path.of("").toAbsolutePath()).session()) {
            for (EventType type : EventType.all(Integer.parseInt(args[2]), args[1])) {
                facts.add(read(spark, type).line());
            }
            if (spark.catalog().tableExists(QUARANTINE)) {
                facts.add(new TableFacts(QUARANTINE, spark.table(QUARANTINE).count() + " ", 0, 0, 0).line());
            }
        }
        Files.write(Path.of(args[0]), facts);
    }

    static TableFacts parse(String line) {
        String[] parts = line.split("\t", -1);
        return new TableFacts(
                parts[0], parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]), Long.parseLong(parts[4]));
    }

    /** The well-formed rows alone. */
    long count() {
        return Long.parseLong(rows.substring(0, rows.indexOf(' ')));
    }

    private String line() {
        return String.join("\t", type, rows, Long.toString(malformed), Long.toString(bytes), Long.toString(files));
    }

    private static TableFacts read(SparkSession spark, EventType type) {
        StringBuilder sums = new StringBuilder();
        for (Column column : type.columns()) {
            sums.append(", sum(cast(xxhash64(").append(column.name()).append(") as decimal(38, 0)))");
        }
        String well = "event_id not like 'bad-%'";
        Row all = spark.sql("select count(*)" + sums + " from " + Lake.table(type) + " where " + well)
                .first();
        long other = spark.sql("select count(*) from " + Lake.table(type) + " where not coalesce(" + well + ", false)")
                .first()
                .getLong(0);
        Row files = spark.sql(
                        "select coalesce(sum(file_size_in_bytes), 0), count(*) from " + Lake.table(type) + ".files")
                .first();
        return new TableFacts(type.name(), all.mkString(" "), other, files.getLong(0), files.getLong(1));
    }
}
