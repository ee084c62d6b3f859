package io.firn;

import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

import io.firn.schema.ColumnType.Scalar;
import io.firn.table.Load;
import io.firn.table.LoadColumns;
import io.firn.table.Merge;
import io.firn.table.MergeSessions;
import io.firn.table.Outcome;
import io.firn.table.ParquetForm;
import io.firn.table.Publication;
import io.firn.table.StagedChanges;
import io.firn.table.StagedChanges.Deletes;
import io.firn.table.StagedFile;

/**
 * The staged rows of a dump, folded to the last version of each key for a merge. Versions are in the order of the
 * timestamp column, then of files and of lines.
 */
final class DumpFold implements AutoCloseable {
    private static final String RANK = "firn_rank";

    private final SparkSession spark;
    private final MergeSessions sessions;
    private final StagingPlace staging;
    private final ResolvedEvent event;
    private final List<io.firn.schema.Column> own;
    private final String folder;

    private DumpFold(SparkSession spark, MergeSessions sessions, StagingPlace staging, EventTable table) {
        this.spark = spark;
        this.sessions = sessions;
        this.staging = staging;
        this.event = table.event();
        this.own = table.columns().own();
        folder = staging.folder(UUID.randomUUID().toString());
    }

    /** Merges what files hold; they are not the table's and stay the caller's. */
    static Outcome publish(
            LoadedPipeline pipeline,
            SparkSession spark,
            MergeSessions sessions,
            Publication publication,
            EventTable table,
            Load load,
            List<StagedFile> files) {
        StagingPlace staging = new StagingPlace(pipeline, spark.sparkContext().hadoopConfiguration());
        try (DumpFold fold = new DumpFold(spark, sessions, staging, table)) {
            return publication.publish(load, fold.merge(files));
        }
    }

    private Merge merge(List<StagedFile> files) {
        long rows = 0;
        if (!files.isEmpty()) {
            Dataset<Row> staged = spark.read()
                    .schema(written(own))
                    .parquet(files.stream().map(StagedFile::path).toArray(String[]::new))
                    .select(LoadColumns.DUMP.after(own).stream()
                            .map(DumpFold::read)
                            .toArray(Column[]::new))
                    .withColumn(LoadColumns.POSITION, position());
            Column[] keys =
                    event.target().idColumns().stream().map(DumpFold::quoted).toArray(Column[]::new);
            Column[] all = LoadColumns.UPSERT.after(own).stream()
                    .map(column -> quoted(column.name()))
                    .toArray(Column[]::new);
            staged.withColumn(
                            RANK,
                            functions
                                    .row_number()
                                    .over(Window.partitionBy(keys)
                                            .orderBy(
                                                    quoted(LoadColumns.POSITION).desc())))
                    .where(functions.col(RANK).equalTo(1))
                    .select(all)
                    .write()
                    .parquet(folder);
            rows = spark.read().parquet(folder).count();
        }
        return new Merge(
                new StagedChanges(
                        folder,
                        rows,
                        event.target().idColumns(),
                        own,
                        LoadColumns.UPSERT,
                        Set.of(),
                        null,
                        Deletes.HARD),
                sessions);
    }

    /** The rows as files of the table hold them. */
    private static StructType written(List<io.firn.schema.Column> own) {
        StructType type = new StructType();
        for (io.firn.schema.Column column : LoadColumns.DUMP.after(own)) {
            type = type.add(ParquetForm.name(column.name()), ParquetForm.type(column.type()), true);
        }
        return type;
    }

    /** A column of {@link #written} as the table has it. */
    private static Column read(io.firn.schema.Column column) {
        return ParquetForm.read(quoted(ParquetForm.name(column.name())), column.type())
                .as(column.name());
    }

    /** Text in the order of versions: sixteen digits for the time, those of unknown time first; file; sixteen digits. */
    private Column position() {
        Column time = quoted(event.target().timestampColumn());
        io.firn.schema.Column column = own.stream()
                .filter(c -> c.name().equals(event.target().timestampColumn()))
                .findFirst()
                .orElseThrow();
        Column number =
                switch ((Scalar) column.type()) {
                    case TIMESTAMPTZ -> functions.unix_micros(time);
                    case TIMESTAMP -> functions.unix_micros(time.cast("timestamp"));
                    case DATE -> functions.unix_date(time).cast(DataTypes.LongType);
                    default -> time.cast(DataTypes.LongType);
                };
        // With the sign turned over, numbers are in the order of their digits.
        Column ordered = functions.coalesce(
                functions.lpad(functions.hex(number.bitwiseXOR(functions.lit(Long.MIN_VALUE))), 16, "0"),
                functions.lit("-"));
        return functions.concat_ws(
                "-",
                ordered,
                functions.col(LoadColumns.FILE),
                functions.lpad(functions.hex(functions.col(LoadColumns.OFFSET)), 16, "0"));
    }

    private static Column quoted(String name) {
        return functions.col("`" + name.replace("`", "``") + "`");
    }

    @Override
    public void close() {
        staging.delete(folder);
    }
}
