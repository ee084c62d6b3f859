package io.firn.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

import io.firn.table.LoadColumns;
import io.firn.table.StagedChanges;
import io.firn.table.StagedChanges.Deletes;

/** Batches of changes: of ten, seven update, two insert, one deletes. */
final class MergeBatches {
    /** Where keys of updates and deletes lie. */
    enum Keys {
        /** 95 % of them in the newest 2 %. */
        RECENT,
        /** All of them there: what is old rests. */
        NEWEST,
        UNIFORM;

        /** Those that merges are measured with. */
        static final List<Keys> COMPARED = List.of(RECENT, UNIFORM);
    }

    private final SparkSession spark;
    private final Path directory;
    private final long rows;
    private long inserted;
    private int number;

    MergeBatches(SparkSession spark, Path directory, long rows) {
        this.spark = spark;
        this.directory = directory;
        this.rows = rows;
    }

    StagedChanges stage(Keys kind, int changes) {
        Random random = new Random(31L * ++number + kind.name().length());
        Set<Long> keys = new LinkedHashSet<>();
        while (keys.size() < changes * 8 / 10) {
            boolean recent = kind == Keys.NEWEST || (kind == Keys.RECENT && random.nextInt(100) < 95);
            keys.add(recent ? rows - 1 - random.nextLong(rows / 50) : random.nextLong(rows));
        }
        List<Row> staged = new ArrayList<>();
        for (long key : keys) {
            staged.add(RowFactory.create(key, staged.size() % 8 == 0 ? "d" : "u"));
        }
        while (staged.size() < changes) {
            staged.add(RowFactory.create(rows + inserted++, "c"));
        }
        String path = directory.resolve("batch-" + number).toString();
        StructType type = new StructType().add("id", DataTypes.LongType).add("op", DataTypes.StringType);
        List<String> select = new ArrayList<>(List.of(MergeTables.select(String.format("b0-a%d-h", number))));
        select.set(2, "'changed' AS status");
        select.set(8, "op AS firn_op");
        select.add("CAST(NULL AS array<int>) AS " + StagedChanges.UNAVAILABLE);
        spark.createDataFrame(staged, type)
                .repartition(2)
                .selectExpr(select.toArray(String[]::new))
                .write()
                .parquet(path);
        return new StagedChanges(
                path,
                staged.size(),
                MergeTables.KEYS,
                MergeTables.COLUMNS,
                LoadColumns.CHANGE,
                Set.of(),
                null,
                Deletes.HARD);
    }
}
