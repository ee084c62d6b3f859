package io.firn.table;

import static io.firn.table.TestLake.DAY;
import static io.firn.table.TestLake.ids;
import static io.firn.table.TestLake.load;
import static io.firn.table.TestLake.source;
import static io.firn.table.TestLake.stage;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import io.firn.SparkExtension;
import io.firn.table.Outcome.Published;

@ExtendWith(SparkExtension.class)
class SparkTableTest {
    @TempDir
    Path directory;

    private TestLake lake;
    private SparkSession spark;

    @BeforeEach
    void open(SparkSession shared) {
        lake = new TestLake(directory);
        spark = TestLake.session(shared, directory);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void sparkReadsWhatWasPublishedAndReplacesARowsFile() {
        LakeTable table = lake.table();
        load(table, "it's \"a\".json", 1, 2);
        load(table, "b.json", 3);
        assertThat(count("firn_file = 'b.json'")).isEqualTo(1);
        SourceFile changed = new SourceFile("it's \"a\".json", null, 2000, 120, 1);
        Append replacing = new Append(DAY, List.of(changed), Set.of(source(changed.path(), 2)));

        Outcome outcome = new Publication(table, "events", "run", RowRemoval.by(spark))
                .publish(replacing, stage(table, changed.path(), 9));

        assertThat(outcome).isInstanceOf(Published.class);
        assertThat(ids(table)).containsExactly(3L, 9L);
        assertThat(table.ledger("events").day(DAY)).containsExactly(source("b.json", 1), changed);
        assertThat(count("id < 100")).isEqualTo(2);
    }

    @Test
    void localFilesAreWrittenWithoutChecksumFiles() throws Exception {
        load(lake.table(), "a.json", 1);

        try (var files = Files.walk(directory)) {
            assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".crc"));
        }
    }

    private long count(String where) {
        return spark.sql("SELECT * FROM lake.github.push_event WHERE " + where).count();
    }
}
