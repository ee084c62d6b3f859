package io.firn.change;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firn.change.Message.Refused;
import io.firn.schema.Column;

/** Damaged messages are refused or understood, but never stop the decoder, nor change what it makes of the next. */
class PoisonTest {
    private static final int ROUNDS = 15_000;
    private static final byte[] ALPHABET =
            "{}[]\":,\\0123456789-.eEZtnufalsrcdopy_\u00e9 ".getBytes(java.nio.charset.StandardCharsets.UTF_8);

    @ParameterizedTest
    @ValueSource(strings = {"pgs", "pgn", "pgd", "pgf", "mas", "man", "mad", "maf"})
    void neverStopsTheDecoder(String connector) {
        Random random = new Random(11);
        List<KafkaRecord> records = Recorded.messages(connector + "-orders");
        List<Column> columns = OrdersTest.columns(connector);
        ChangeDecoder decoder = new ChangeDecoder(columns, List.of("id"), Recorded.format(connector), 0, 2);
        ChangeDecoder fresh = new ChangeDecoder(columns, List.of("id"), Recorded.format(connector), 0, 2);
        int refused = 0;
        for (int i = 0; i < ROUNDS; i++) {
            KafkaRecord record = records.get(random.nextInt(records.size()));
            boolean inKey = random.nextInt(4) == 0;
            Message message = decoder.decode(new KafkaRecord(
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    record.timestamp(),
                    inKey ? damaged(record.key(), random) : record.key(),
                    inKey ? record.value() : damaged(record.value(), random),
                    record.headers()));
            refused += message instanceof Refused ? 1 : 0;
            if (i % 100 == 0) {
                KafkaRecord intact = records.get(random.nextInt(records.size()));
                assertThat(told(decoder.decode(intact), columns)).isEqualTo(told(fresh.decode(intact), columns));
            }
        }
        assertThat(refused).isGreaterThan(ROUNDS / 4);
    }

    private static String told(Message message, List<Column> columns) {
        if (!(message instanceof Change change)) {
            return message.toString();
        }
        return change.operation() + " " + change.key().values() + change.position() + change.unavailable()
                + (change.row() == null ? "" : Recorded.values(change.row(), columns));
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        if (bytes == null || bytes.length == 0) {
            return bytes;
        }
        byte[] out = bytes.clone();
        // The facts and the row stand at the end of a message with schema.
        int at = random.nextBoolean()
                ? random.nextInt(out.length)
                : Math.max(0, out.length - 1 - random.nextInt(Math.min(800, out.length)));
        int to = Math.min(out.length, at + 1 + random.nextInt(3));
        switch (random.nextInt(4)) {
            case 0 -> Arrays.fill(out, at, to, ALPHABET[random.nextInt(ALPHABET.length)]);
            case 1 -> out[at] = ALPHABET[random.nextInt(ALPHABET.length)];
            case 2 -> {
                System.arraycopy(bytes, to, out, at, bytes.length - to);
                out = Arrays.copyOf(out, bytes.length - (to - at));
            }
            default -> {
                out = Arrays.copyOf(bytes, bytes.length + to - at);
                System.arraycopy(bytes, at, out, to, bytes.length - at);
                Arrays.fill(out, at, to, ALPHABET[random.nextInt(ALPHABET.length)]);
            }
        }
        return out;
    }
}
