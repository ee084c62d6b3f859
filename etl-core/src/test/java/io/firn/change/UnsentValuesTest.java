package io.firn.change;

import static io.firn.change.Recorded.changes;
import static io.firn.change.Recorded.column;
import static io.firn.change.Recorded.decoded;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.schema.Column;

/** PostgreSQL does not send large values that an update left as they were. */
class UnsentValuesTest {
    private static final List<Column> COLUMNS = List.of(
            column("id", "int"),
            column("small", "string"),
            column("big", "string"),
            column("bigj", "string"),
            column("bigb", "binary"),
            column("arr", "list<string>"),
            column("nn", "string"));

    @ParameterizedTest
    @ValueSource(strings = {"pgs", "pgn", "pgd", "pgf"})
    void areMarkedInEveryForm(String connector) {
        List<Change> changes = changes(decoded(connector + "-toasted", COLUMNS, List.of("id")));

        assertThat(changes.get(0).unavailable().isEmpty()).isTrue();
        assertThat(changes.get(1).unavailable()).isEqualTo(BitSet.valueOf(new long[] {0b0111100}));
        assertThat(changes.get(2).unavailable()).isEqualTo(BitSet.valueOf(new long[] {0b0111000}));
        assertThat(Recorded.values(changes.get(2).row(), COLUMNS).subList(0, 3)).containsExactly(1, "s2", "now short");
        assertThat(changes.get(2).row().isNullAt(4)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pgs", "pgn", "pgd", "pgf"})
    void takeTheValueThatTheBatchToldBefore(String connector) {
        List<Change> changes = changes(decoded(connector + "-toasted", COLUMNS, List.of("id"))).stream()
                .filter(c -> c.key().equals(Key.of(1)))
                .toList();
        List<Object> inserted = Recorded.values(changes.get(0).row(), COLUMNS);

        Change last = new ChangeFold(changes.subList(0, 3).iterator(), ChangeFold.copying(COLUMNS), null).next();

        assertThat(last.unavailable().isEmpty()).isTrue();
        List<Object> row = Recorded.values(last.row(), COLUMNS);
        assertThat(row.subList(0, 3)).containsExactly(1, "s2", "now short");
        assertThat(row.subList(3, 7)).isEqualTo(inserted.subList(3, 7));
        assertThat(inserted.get(4).toString()).startsWith("x'63346361").hasSizeGreaterThan(12_000);
    }
}
