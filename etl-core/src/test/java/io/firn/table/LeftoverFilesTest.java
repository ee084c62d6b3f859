package io.firn.table;

import static io.firn.table.TestLake.DAY;
import static io.firn.table.TestLake.load;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs leave beside the tables, and how long somebody may need it. */
class LeftoverFilesTest {
    private final Instant dayAgo = Instant.now().minus(Duration.ofDays(1));

    @TempDir
    private Path directory;

    @Test
    void aStagedFolderIsAsOldAsItsNewestFile() throws Exception {
        Path staging = Files.createDirectories(directory.resolve("events/staging"));
        file(staging.resolve("dead/a/old"), 5);
        file(staging.resolve("live/old"), 5);
        file(staging.resolve("live/a/new"), 0);
        age(staging.resolve("live/a"), 5);
        age(staging.resolve("live"), 5);
        age(Files.createDirectories(staging.resolve("empty-old")), 5);
        Files.createDirectories(staging.resolve("empty-new"));

        List<StagingFolders> all =
                StagingFolders.all(new org.apache.hadoop.fs.Path(directory.toString()), new Configuration());

        assertThat(all).hasSize(1);
        assertThat(all.get(0).dead(dayAgo))
                .extracting(org.apache.hadoop.fs.Path::getName)
                .containsExactlyInAnyOrder("dead", "empty-old");
    }

    @Test
    void aLedgerStaysAsLongAsASnapshotNamesIt() throws Exception {
        try (TestLake lake = new TestLake(directory)) {
            LakeTable table = lake.table();
            load(table, "a", 1);
            load(table, "b", 2);
            load(table, "c", 3);
            Path folder = directory.resolve("state/events/lake.github.push_event");
            ages(folder, 5);
            Path lost = file(folder.resolve(DAY + "-00000000-0000-0000-0000-000000000000.json"), 5);
            file(folder.resolve("index-00000000-0000-0000-0000-000000000001.json"), 0);
            file(folder.resolve("notes.json"), 5);

            // All three loads can be gone back to.
            assertThat(superseded(table)).containsExactly(lost);

            table.table()
                    .expireSnapshots()
                    .expireOlderThan(System.currentTimeMillis())
                    .retainLast(1)
                    .commit();
            assertThat(superseded(table)).hasSize(5).contains(lost);
            superseded(table).forEach(file -> assertThat(file.toFile().delete()).isTrue());
            assertThat(table.ledger("events").totals()).isEqualTo(new Ledger.Totals(1, 3, 3, DAY));
            assertThat(superseded(table)).isEmpty();
        }
    }

    @Test
    void aLedgerThatCannotBeReadKeepsAll() throws Exception {
        try (TestLake lake = new TestLake(directory)) {
            LakeTable table = lake.table();
            load(table, "a", 1);
            Path folder = directory.resolve("state/events/lake.github.push_event");
            try (var files = Files.list(folder)) {
                for (Path file :
                        files.filter(f -> f.toString().contains("index")).toList()) {
                    Files.writeString(file, "{}");
                }
            }
            ages(folder, 5);

            assertThatThrownBy(() -> superseded(table))
                    .isInstanceOf(LedgerLost.class)
                    .hasMessageContaining("is damaged");
        }
    }

    private List<Path> superseded(LakeTable table) throws IOException {
        return table.supersededLedgers(dayAgo).stream()
                .map(file -> Path.of(file.toUri().getPath()))
                .toList();
    }

    private static void ages(Path folder, int days) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                age(file, days);
            }
        }
    }

    private static Path file(Path file, int days) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{}");
        age(file, days);
        return file;
    }

    private static void age(Path file, int days) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
    }
}
