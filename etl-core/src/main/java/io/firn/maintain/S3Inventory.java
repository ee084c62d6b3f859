package io.firn.maintain;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.url_decode;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

import io.firn.table.TableException;

/** What S3 says a bucket held at a time: lists of objects that it writes daily or weekly, found by their manifest.json. */
final class S3Inventory {
    private final SparkSession spark;
    private final Path manifest;
    private final JsonNode content;

    private S3Inventory(SparkSession spark, Path manifest, JsonNode content) {
        this.spark = spark;
        this.manifest = manifest;
        this.content = content;
    }

    /** @param address of its manifest.json */
    static S3Inventory read(SparkSession spark, String address) {
        Path path = new Path(address.startsWith("s3://") ? "s3a://" + address.substring(5) : address);
        try (InputStream in =
                path.getFileSystem(spark.sessionState().newHadoopConf()).open(path)) {
            JsonNode content = JsonMapper.builder().build().readTree(in);
            for (String needed : List.of("sourceBucket", "fileFormat", "fileSchema", "creationTimestamp", "files")) {
                if (!content.has(needed)) {
                    throw new TableException("S3 inventory " + address + " has no \"" + needed
                            + "\", so it is not the manifest.json of an inventory. Nothing was removed; give the address of"
                            + " that file.");
                }
            }
            return new S3Inventory(spark, path, content);
        } catch (IOException e) {
            throw new TableException(
                    "S3 inventory " + address + " cannot be read: " + e.getMessage()
                            + ". Nothing was removed; give the address of its manifest.json.",
                    e);
        }
    }

    /** When it began: what changed since it does not know. */
    Instant created() {
        return Instant.ofEpochMilli(content.get("creationTimestamp").asLong());
    }

    /** Its objects under a table's location; throws {@link Refused} when it is one of another bucket. */
    List<ListedFile> files(String location) {
        Path place = new Path(location);
        String bucket = place.toUri().getAuthority();
        String listed = content.get("sourceBucket").asText();
        if (bucket != null && !bucket.equals(listed)) {
            throw new Refused("the inventory " + manifest + " lists bucket " + listed + " and the table lies in "
                    + bucket + "; give one of that bucket, or leave --inventory out to have the location listed");
        }
        String folder = place.toUri().getPath() + "/";
        Dataset<Row> objects = rows().where(col("key").startsWith(folder)).select("key", "bytes", "modified");
        String store = location.substring(0, location.length() - folder.length() + 1);
        List<ListedFile> files = new ArrayList<>();
        for (Iterator<Row> rows = objects.toLocalIterator(); rows.hasNext(); ) {
            Row row = rows.next();
            Instant modified = row.getTimestamp(2).toInstant();
            Listing.add(
                    files, location, new ListedFile(store + row.getString(0), row.getLong(1), modified.toEpochMilli()));
        }
        return files;
    }

    private Dataset<Row> rows() {
        boolean isCsv = content.get("fileFormat").asText().equalsIgnoreCase("CSV");
        Dataset<Row> rows = isCsv ? csv() : reader().load(addresses());
        Column key = column(rows, "Key");
        Column current = lit(true);
        if (has(rows, "IsLatest")) {
            current = current.and(column(rows, "IsLatest").cast("boolean"));
        }
        if (has(rows, "IsDeleteMarker")) {
            current = current.and(not(column(rows, "IsDeleteMarker").cast("boolean")));
        }
        return rows.where(current)
                .select(
                        // Only text files need it.
                        concat(lit("/"), isCsv ? url_decode(key) : key).as("key"),
                        column(rows, "Size").cast("long").as("bytes"),
                        column(rows, "LastModifiedDate").cast("timestamp").as("modified"));
    }

    private Dataset<Row> csv() {
        String[] names = content.get("fileSchema").asText().trim().split("\\s*,\\s*");
        String schema = String.join(
                ", ", Arrays.stream(names).map(name -> "`" + name + "` string").toList());
        return reader().schema(schema).option("escape", "\"").load(addresses());
    }

    private DataFrameReader reader() {
        return spark.read()
                .format(content.get("fileFormat").asText().toLowerCase(Locale.ROOT))
                .option("mode", "FAILFAST");
    }

    /** S3 puts them beside the folder of the manifest, which is named by the time: {@code <inventory>/data/<name>}. */
    private String[] addresses() {
        Path data = new Path(manifest.getParent().getParent(), "data");
        List<String> addresses = new ArrayList<>();
        content.get("files")
                .forEach(file ->
                        addresses.add(new Path(data, new Path(file.get("key").asText()).getName()).toString()));
        return addresses.toArray(String[]::new);
    }

    private boolean has(Dataset<Row> rows, String name) {
        return Arrays.stream(rows.columns()).anyMatch(column -> plain(column).equals(plain(name)));
    }

    private Column column(Dataset<Row> rows, String name) {
        return Arrays.stream(rows.columns())
                .filter(column -> plain(column).equals(plain(name)))
                .findFirst()
                .map(column -> rows.col("`" + column + "`"))
                .orElseThrow(() -> new Refused("the inventory " + manifest + " has no " + name
                        + " of its objects; add that field to the inventory's configuration and give a later one, or leave"
                        + " --inventory out"));
    }

    /** LastModifiedDate in text files is last_modified_date in the others. */
    private static String plain(String column) {
        return column.replace("_", "").toLowerCase(Locale.ROOT);
    }
}
