package io.firn.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.firn.schema.Column;
import io.firn.schema.Rejection;

/** Damaged lines must be decided, and loaded, exactly as the reference parser does. */
class DecoderFuzzTest {
    private static final List<List<Column>> EVENT_COLUMNS = List.of(Samples.eventColumns(), Samples.fewColumns());
    private static final List<Column> TYPED_COLUMNS = Samples.typedColumns();

    private final List<LineDecoder> eventDecoders = EVENT_COLUMNS.stream()
            .map(columns -> LineDecoder.of(columns, UnknownFields.REPORT, 0))
            .toList();
    private final LineDecoder typedDecoder = LineDecoder.of(TYPED_COLUMNS, UnknownFields.KEEP, 2);
    private int loaded;
    private int rejected;

    @Test
    void undamagedLinesLoad() {
        Samples.events().forEach(line -> {
            for (int i = 0; i < eventDecoders.size(); i++) {
                check(line, eventDecoders.get(i), EVENT_COLUMNS.get(i), "event");
            }
        });
        Samples.typed().forEach(line -> check(line, typedDecoder, TYPED_COLUMNS, "typed"));
        assertThat(rejected).isZero();
    }

    @Test
    void damagedLines() {
        fuzz(20_000, 1);
    }

    @Test
    @Tag("long")
    void manyDamagedLines() {
        fuzz(300_000, 2);
    }

    private void fuzz(int lines, long seed) {
        Random random = new Random(seed);
        List<byte[]> events = Samples.events();
        List<byte[]> typed = Samples.typed();
        List<byte[]> all = new ArrayList<>(events);
        all.addAll(typed);
        for (int n = 0; n < lines; n++) {
            boolean isTyped = random.nextInt(3) > 0;
            List<byte[]> from = isTyped ? typed : events;
            byte[] line = from.get(random.nextInt(from.size()));
            for (int k = random.nextInt(3); k >= 0; k--) {
                line = Mutation.any(random).apply(line, all, random);
            }
            String where = "seed " + seed + ", line " + n;
            if (isTyped) {
                check(line, typedDecoder, TYPED_COLUMNS, where);
            } else {
                int i = random.nextInt(eventDecoders.size());
                check(line, eventDecoders.get(i), EVENT_COLUMNS.get(i), where);
            }
        }
        assertThat(loaded).as("loaded").isGreaterThan(lines / 10);
        assertThat(rejected).as("rejected").isGreaterThan(lines / 4);
    }

    private void check(byte[] line, LineDecoder decoder, List<Column> columns, String where) {
        Optional<List<Object>> expected = ReferenceParser.parse(line, columns);
        DecodedRow row = decoder.row();
        // The line stands amid other bytes, at its very end of the array at times.
        int before = line.length % 5;
        byte[] bytes = new byte[before + line.length + line.length % 3 * 4];
        java.util.Arrays.fill(bytes, (byte) '"');
        System.arraycopy(line, 0, bytes, before, line.length);
        Rejection rejection = decoder.decode(bytes, before, before + line.length, row);
        Optional<List<Object>> actual =
                rejection == null ? Optional.of(RowValues.of(row.copy(), columns)) : Optional.empty();
        assertThat(actual)
                .as(() -> where + ": " + rejection + ": " + new String(line, java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(expected);
        if (rejection == null) {
            loaded++;
        } else {
            rejected++;
        }
    }
}
