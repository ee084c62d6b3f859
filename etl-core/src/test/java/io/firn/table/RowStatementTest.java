package io.firn.table;

import static io.firn.table.TestLake.append;
import static io.firn.table.TestLake.ids;
import static io.firn.table.TestLake.load;
import static io.firn.table.TestLake.publication;
import static io.firn.table.TestLake.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.SparkExtension;

/** Statements on rows, in whose midst others change and expire what they read. */
@ExtendWith(SparkExtension.class)
class RowStatementTest {
    private static final String DELETE = "DELETE FROM lake.github.push_event WHERE meanwhile(id) >= 3";
    private static final AtomicReference<Runnable> MEANWHILE = new AtomicReference<>();

    @TempDir
    private Path directory;

    private TestLake lake;
    private SparkSession spark;
    private final AtomicInteger tries = new AtomicInteger();

    @BeforeEach
    void open(SparkSession shared) {
        lake = new TestLake(directory);
        spark = TestLake.session(shared, directory);
        UDF1<Long, Long> meanwhile = id -> {
            MEANWHILE.getAndSet(() -> {}).run();
            return id;
        };
        spark.udf().register("meanwhile", meanwhile, DataTypes.LongType);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void rowsThatExpireWhileTheyAreReadAreReadAgain() {
        LakeTable table = lake.table();
        load(table, "a.json", 1, 2);
        load(table, "b.json", 3, 4);
        MEANWHILE.set(() -> {
            LakeTable rival = lake.table();
            rival.table()
                    .newDelete()
                    .deleteFromRowFilter(Expressions.alwaysTrue())
                    .commit();
            load(rival, "c.json", 1, 5);
            rival.table()
                    .expireSnapshots()
                    .expireOlderThan(System.currentTimeMillis())
                    .retainLast(1)
                    .commit();
        });

        RowStatement.run(this::delete, "Not deleted");

        assertThat(tries).hasValue(2);
        assertThat(ids(table)).containsExactly(1L);
    }

    @Test
    void rowsThatAreGoneForGoodFailTheStatementWithTheirFile() {
        LakeTable table = lake.table();
        List<StagedFile> staged = stage(table, "a.json", 3);
        publication(table).publish(append("a.json", 1), staged);
        table.table().io().deleteFile(staged.get(0).path());

        assertThatThrownBy(() -> RowStatement.run(this::delete, "Not deleted"))
                .isNotInstanceOf(RetriesExhausted.class)
                .hasStackTraceContaining(NotFoundException.class.getName())
                .hasRootCauseInstanceOf(FileNotFoundException.class);
        assertThat(tries).hasValue(3);
    }

    private void delete() {
        tries.incrementAndGet();
        spark.sql(DELETE);
    }
}
