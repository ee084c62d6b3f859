package io.firn.change;

import java.util.Arrays;
import java.util.List;

import io.firn.schema.Column;

/**
 * How fast messages are decoded, alone: {@code java io.firn.change.ChangeBenchmark [rounds]}. Prints messages per second
 * of one core: the median of the rounds.
 */
final class ChangeBenchmark {
    private static final int MESSAGES = 200_000;

    private ChangeBenchmark() {}

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        for (String connector : List.of("pgn", "pgs", "pgf", "man", "mas")) {
            List<KafkaRecord> records = Recorded.messages(connector + "-orders");
            List<Column> columns = OrdersTest.columns(connector);
            ChangeDecoder decoder = new ChangeDecoder(columns, List.of("id"), Recorded.format(connector), 0, 4);
            double[] rates = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                long start = System.nanoTime();
                long changes = 0;
                for (int i = 0; i < MESSAGES; i++) {
                    changes += decoder.decode(records.get(i % records.size())) instanceof Change ? 1 : 0;
                }
                rates[round] = MESSAGES * 1e9 / (System.nanoTime() - start);
                if (changes == 0) {
                    throw new IllegalStateException("nothing was decoded");
                }
            }
            Arrays.sort(rates);
            System.out.printf("%s: %,.0f messages per second%n", connector, rates[rounds / 2]);
        }
    }
}
