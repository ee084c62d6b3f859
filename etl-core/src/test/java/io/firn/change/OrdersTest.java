package io.firn.change;

import static io.firn.change.Recorded.changes;
import static io.firn.change.Recorded.column;
import static io.firn.change.Recorded.decoded;
import static io.firn.change.Recorded.table;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.change.Message.Skipped;
import io.firn.schema.Column;

/** The history of the table orders, as the databases' statements made it. */
class OrdersTest {
    private static final Instant SNAP = Instant.parse("2026-01-02T03:04:05.678901Z");

    static List<Column> columns(String connector) {
        boolean base64 = connector.equals("pgn") || connector.equals("man");
        return List.of(
                column("id", "long"),
                column("customer", "string"),
                base64 ? column("amount", "decimal(12,2)", "base64") : column("amount", "decimal(12,2)"),
                column("qty", "int"),
                column("note", "string"),
                column("updated_at", "timestamptz"));
    }

    private static List<Object> order(long id, String customer, String amount, int qty, String note, String at) {
        return Arrays.asList(id, customer, new BigDecimal(amount), qty, note, Instant.parse(at));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgs", "pgn", "pgd", "pgf"})
    void beforeTheTruncateTheTableIsPostgresqls(String connector) {
        List<Change> changes = changes(decoded(connector + "-orders", columns(connector), List.of("id"))).stream()
                .filter(c -> c.position().log() < 24_882_464)
                .toList();

        assertThat(table(changes, columns(connector)))
                .isEqualTo(Map.of(
                        "[2]", order(2, "cust2", "2.20", 2, "snap", SNAP.toString()),
                        "[3]", order(3, "cust3", "3.30", 3, "snap", SNAP.toString()),
                        "[101]", order(101, "cust1", "1.10", 1, "snap", SNAP.toString()),
                        "[10]", order(10, "up", "2.00", 1, null, "2026-11-21T00:26:24.072517Z"),
                        "[11]", order(11, "new", "4.00", 1, null, "2026-11-21T00:26:28.579642Z"),
                        "[12]", order(12, "merged", "5.00", 1, null, "2026-11-21T00:26:28.581815Z"),
                        "[20]", order(20, "tx2", "9.00", 1, null, "2026-11-21T00:26:32.999456Z"),
                        "[22]", order(22, "kept", "1.00", 1, null, "2026-11-21T00:26:33.007681Z")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgs", "pgn", "pgd"})
    void inTheEndTheTableIsPostgresqlsThoughMessagesCameTwice(String connector) {
        List<Change> changes = changes(decoded(connector + "-orders", columns(connector), List.of("id")));

        Map<String, List<Object>> rows = table(changes, columns(connector));

        assertThat(rows)
                .containsEntry("[1]", order(1, "after truncate", "1.00", 1, null, "2026-11-21T00:28:15.228967Z"))
                .containsEntry("[5000]", order(5000, "before crash", "3.00", 1, null, "2026-11-21T00:28:45.548604Z"))
                .containsEntry("[5001]", order(5001, "while down", "1.00", 1, null, "2026-11-21T00:28:48.920435Z"))
                .hasSize(3);
        assertThat(changes).filteredOn(c -> c.operation() == Operation.TRUNCATE).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgs", "pgn", "pgd", "pgf"})
    void textWithQuotesEscapesAndEmojiIsKept(String connector) {
        List<Change> changes = changes(decoded(connector + "-orders", columns(connector), List.of("id")));

        Change insert = changes.stream()
                .filter(c -> c.key().equals(Key.of(10L)) && c.operation() == Operation.CREATE)
                .findFirst()
                .orElseThrow();

        assertThat(Recorded.values(insert.row(), columns(connector)))
                .isEqualTo(order(10, "Zoë 😀 \"q\" \\ / \t tab", "19.99", 2, null, "2026-03-01T11:00:00.5Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mas", "man", "mad"})
    void inTheEndTheTableIsMariadbs(String connector) {
        List<Column> columns = columns(connector);
        List<Change> changes = changes(decoded(connector + "-orders", columns, List.of("id")));

        Map<String, List<Object>> rows = table(changes, columns);

        assertThat(rows.get("[31]").subList(1, 5))
                .isEqualTo(Arrays.asList("nb", new BigDecimal("1.00"), 1, "a blob column"));
        assertThat(rows.get("[1]").subList(1, 5)).isEqualTo(Arrays.asList("after truncate", null, 1, null));
        assertThat(rows).hasSize(2);
    }

    @Test
    void theFlattenedTopicOfMariadbHoldsTheSameChangesButTheTruncate() {
        List<Change> flat = changes(decoded("maf-orders", columns("maf"), List.of("id")));
        List<Change> whole = changes(decoded("mas-orders", columns("mas"), List.of("id"))).stream()
                .filter(c -> c.operation() != Operation.TRUNCATE)
                .toList();

        assertThat(flat).hasSameSizeAs(whole);
        for (int i = 0; i < flat.size(); i++) {
            assertThat(flat.get(i).operation()).isEqualTo(whole.get(i).operation());
            assertThat(flat.get(i).key()).isEqualTo(whole.get(i).key());
            assertThat(flat.get(i).position().log())
                    .isEqualTo(whole.get(i).position().log());
            if (flat.get(i).operation().hasRow()) {
                assertThat(Recorded.values(flat.get(i).row(), columns("maf")))
                        .isEqualTo(Recorded.values(whole.get(i).row(), columns("mas")));
            }
        }
    }

    @Test
    void positionsAreTheLogs() {
        Change postgresql =
                changes(decoded("pgs-orders", columns("pgs"), List.of("id"))).get(0);
        assertThat(postgresql.position()).isEqualTo(new Position(0, 0, 23_870_856, 0, 0, 0));
        assertThat(postgresql.operation()).isEqualTo(Operation.READ);
        assertThat(postgresql.snapshot()).isEqualTo(Snapshot.FIRST_IN_DATA_COLLECTION);
        assertThat(postgresql.sourceTime()).isEqualTo(1_795_220_758_606_192L);
        assertThat(postgresql.log()).isNull();

        Change mariadb =
                changes(decoded("mas-orders", columns("mas"), List.of("id"))).get(0);
        assertThat(mariadb.position()).isEqualTo(new Position(0, 1, 5976, 0, 0, 0));
        assertThat(mariadb.log()).isEqualTo("binlog");
        assertThat(mariadb.sourceTime()).isEqualTo(1_795_220_633_000_000L);

        Change flattened =
                changes(decoded("maf-orders", columns("maf"), List.of("id"))).get(0);
        assertThat(flattened.position()).isEqualTo(new Position(0, 1, 5976, 0, 0, 0));
        assertThat(flattened.sourceTime()).isEqualTo(1_795_220_633_000_000L);
    }

    @Test
    void tombstonesAreSkippedAndDeletesCountForTheirKeyOnly() {
        List<Message> messages = decoded("pgs-orders", columns("pgs"), List.of("id"));

        assertThat(messages)
                .filteredOn(new Skipped(Skipped.Kind.TOMBSTONE)::equals)
                .hasSize(3);
        assertThat(changes(messages))
                .filteredOn(c -> c.operation() == Operation.DELETE)
                .hasSize(3)
                .allSatisfy(c -> assertThat(c.row()).isNull())
                .extracting(Change::key)
                .containsExactly(Key.of(10L), Key.of(1L), Key.of(20L));
    }
}
