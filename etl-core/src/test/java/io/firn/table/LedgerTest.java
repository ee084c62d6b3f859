package io.firn.table;

import static io.firn.table.TestLake.DAY;
import static io.firn.table.TestLake.load;
import static io.firn.table.TestLake.publication;
import static io.firn.table.TestLake.source;
import static io.firn.table.TestLake.stage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firn.table.LedgerStore.Written;

class LedgerTest {
    @TempDir
    Path directory;

    private TestLake lake;
    private LakeTable table;

    @BeforeEach
    void open() {
        lake = new TestLake(directory);
        table = lake.table();
    }

    @AfterEach
    void close() {
        lake.close();
    }

    @Test
    void filesAreNewLoadedOrChanged() {
        SourceFile tagged = new SourceFile("tagged", "etag-1", 1, 100, 1);
        SourceFile plain = new SourceFile("plain", null, 1, 100, 0);
        publication(table).publish(new Append(DAY, List.of(tagged, plain), Set.of()), stage(table, "tagged", 1));

        // A copy of the same content keeps its tag and gets a new time; without tags the time decides.
        Ledger.Comparison same = table.ledger("events")
                .compare(DAY, List.of(new SourceFile("tagged", "etag-1", 2, 100, 0), plain, source("new", 0)));
        assertThat(same.loaded()).extracting(SourceFile::path).containsExactly("tagged", "plain");
        assertThat(same.fresh()).extracting(SourceFile::path).containsExactly("new");
        assertThat(same.changed()).isEmpty();

        Ledger.Comparison other = table.ledger("events")
                .compare(
                        DAY,
                        List.of(
                                new SourceFile("tagged", "etag-2", 1, 100, 0),
                                new SourceFile("plain", null, 2, 100, 0)));
        assertThat(other.changed()).extracting(SourceFile::path).containsExactly("tagged", "plain");
        assertThat(table.ledger("events")
                        .compare(DAY.plusDays(1), List.of(tagged))
                        .fresh())
                .containsExactly(tagged);
    }

    @Test
    void aLoadWritesItsDayAndTheIndexAndNothingElse() throws Exception {
        load(table, "a", 1);
        publication(table)
                .publish(new Append(DAY.plusDays(1), List.of(source("b", 1)), Set.of()), stage(table, "b", 2));

        Ledger ledger = table.ledger("events");
        assertThat(ledger.days()).containsExactly(DAY, DAY.plusDays(1));
        assertThat(ledger.totals()).isEqualTo(new Ledger.Totals(2, 2, 2, DAY.plusDays(1)));
        Path folder = directory.resolve("state/events/lake.github.push_event");
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString().replaceFirst("-[0-9a-f]{8}-.*", "")))
                    .containsExactlyInAnyOrder("2021-07-21", "index", "2021-07-22", "index");
        }
    }

    @Test
    void pipelinesKeepTheirOwnLedgers() {
        load(table, "a", 1);
        Publication other = new Publication(table, "other", "run", (files, branch) -> {});
        assertThat(other.publish(TestLake.append("a", 1), stage(table, "a", 1))).isInstanceOf(Outcome.Published.class);

        assertThat(TestLake.ids(table)).containsExactly(1L, 1L);
        assertThat(table.status().ledgers()).containsOnlyKeys("events", "other");
        assertThat(table.ledger("third").days()).isEmpty();
    }

    @Test
    void aStoreThatDoesNotAnswerIsNoDamage() {
        Configuration hadoop = new Configuration();
        hadoop.set("fs.slow.impl", Slow.class.getName());
        LedgerStore store = new LedgerStore("slow:/state", hadoop);

        assertThatThrownBy(() -> store.read(
                        new Written("slow:/state/index.json", "1f"), Ledger.Index.class, TestLake.NAME, "events"))
                .isNotInstanceOf(LedgerLost.class)
                .isInstanceOf(TableException.class)
                .hasMessageContaining("slow:/state/index.json: 503 Slow Down. That does not say that it is damaged");
    }

    /** For Hadoop. */
    public static final class Slow extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("slow:///");
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path path, int buffer) throws IOException {
            throw new SocketTimeoutException("503 Slow Down");
        }
    }
}
