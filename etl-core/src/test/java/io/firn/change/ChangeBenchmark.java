package io.firn.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

import io.firn.registry.Files;
import io.firn.schema.Column;

/**
 * How fast messages are decoded, alone: {@code java io.firn.change.ChangeBenchmark [rounds]}. Prints messages and
 * megabytes per CPU second, the median of the rounds. The messages are copies of a recorded one, each with its own
 * values: a few messages again and again would be learned by heart by the processor.
 */
final class ChangeBenchmark {
    private static final int MESSAGES = 100_000;

    private ChangeBenchmark() {}

    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 7;
        for (String connector : List.of("pgn", "pgs", "pgf", "man", "mas")) {
            List<KafkaRecord> records = varied(connector);
            List<Column> columns = OrdersTest.columns(connector);
            ChangeDecoder decoder = new ChangeDecoder(columns, List.of("id"), Recorded.format(connector), 0, 4);
            measure(connector, records, decoder, rounds);
        }
        watching(rounds);
        AvroMessages registry = new AvroMessages();
        byte[] key = Recorded.messages("pgs-orders").get(0).key();
        List<KafkaRecord> avro = varied("pgs").stream()
                .map(r -> registry.of(new KafkaRecord(r.topic(), 0, r.offset(), 0, key, r.value(), List.of())))
                .toList();
        ChangeFormat format = ChangeFormat.of(ChangeFormat.Language.AVRO, new Files("unused"));
        List<Column> six = OrdersTest.columns("pgs");
        measure("pgs in Avro", avro, new ChangeDecoder(six, List.of("id"), format, registry, null, 0, 4), rounds);
        KafkaRecord types = Recorded.messages("pgs-types").get(0);
        List<Column> all = MessageColumns.of(types.key(), types.value()).columns().stream()
                .filter(c -> !c.name().equals("c_numneg"))
                .toList();
        wide("pgs", all, rounds);
    }

    private static void measure(String name, List<KafkaRecord> records, ChangeDecoder decoder, int rounds) {
        long bytes = records.stream().mapToLong(r -> r.value().length).sum();
        double[] rates = new double[rounds];
        long sum = 0;
        for (int round = 0; round < rounds; round++) {
            long start = cpu();
            for (KafkaRecord record : records) {
                Change change = (Change) decoder.decode(record);
                sum += change.row().getLong(0) + change.row().getUTF8String(1).numBytes();
            }
            rates[round] = MESSAGES * 1e9 / (cpu() - start);
        }
        Arrays.sort(rates);
        double rate = rates[rounds / 2];
        System.out.printf(
                "%s, 6 columns: %,.0f messages, %,.0f MB per CPU second (%d bytes each, checksum %d)%n",
                name, rate, rate * bytes / MESSAGES / 1e6, bytes / MESSAGES, sum);
    }

    /** What it costs to look at schemas for columns that would change a table: both ways in turn, and their ratio. */
    private static void watching(int rounds) {
        List<KafkaRecord> records = varied("pgs");
        List<Column> columns = OrdersTest.columns("pgs");
        SchemaWatch watch = new SchemaWatch(true, true, Set.of(), Set.of(), Set.of());
        ChangeDecoder plain =
                new ChangeDecoder(columns, List.of("id"), Recorded.format("pgs"), null, SchemaWatch.TYPES, 0, 4);
        ChangeDecoder watches = new ChangeDecoder(columns, List.of("id"), Recorded.format("pgs"), null, watch, 0, 4);
        double[] ratios = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            ratios[round] = (double) seconds(records, watches, true) / seconds(records, plain, false);
        }
        Arrays.sort(ratios);
        System.out.printf(
                "following schemas costs %.3f of reading without, median of %d rounds%n", ratios[rounds / 2], rounds);
    }

    private static long seconds(List<KafkaRecord> records, ChangeDecoder decoder, boolean asked) {
        long start = cpu();
        for (KafkaRecord record : records) {
            Change unused = (Change) decoder.decode(record);
            if (asked) {
                decoder.strange(record).ifPresent(schema -> {
                    throw new IllegalStateException(schema.place());
                });
            }
        }
        return cpu() - start;
    }

    /** A row of every type, the same again and again, without the number of 2,000 digits. */
    private static void wide(String connector, List<Column> columns, int rounds) {
        KafkaRecord record = Recorded.messages(connector + "-types").get(0);
        ChangeDecoder decoder = new ChangeDecoder(columns, List.of("id"), Recorded.format(connector), 0, 4);
        double[] rates = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            long start = cpu();
            for (int i = 0; i < MESSAGES / 4; i++) {
                Change unused = (Change) decoder.decode(record);
            }
            rates[round] = MESSAGES / 4 * 1e9 / (cpu() - start);
        }
        Arrays.sort(rates);
        System.out.printf(
                "%s, %d columns: %,.0f messages per CPU second%n", connector, columns.size(), rates[rounds / 2]);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static List<KafkaRecord> varied(String connector) {
        KafkaRecord recorded = Recorded.messages(connector + "-orders").get(0);
        String value = new String(recorded.value(), UTF_8);
        Random random = new Random(5);
        List<KafkaRecord> records = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            long id = random.nextInt(50_000_000);
            String own = value.replace("\"id\":1,", "\"id\":" + id + ",")
                    .replace("cust1", "customer " + Long.toString(id * 7919, 36 - random.nextInt(20)))
                    .replace("\"qty\":1,", "\"qty\":" + random.nextInt(10_000) + ",")
                    .replace(
                            "\"snap\"",
                            random.nextInt(3) == 0 ? "null" : "\"a note " + "x".repeat(random.nextInt(60)) + "\"")
                    .replace("23870856", Long.toString(23_870_856L + i * 137L))
                    .replace("23870800", Long.toString(23_870_800L + i * 137L))
                    .replace("\"pos\":5976", "\"pos\":" + (5976 + i * 137L));
            records.add(new KafkaRecord(
                    recorded.topic(),
                    0,
                    i,
                    0,
                    ("{\"id\":" + id + "}").getBytes(UTF_8),
                    own.getBytes(UTF_8),
                    List.of()));
        }
        return records;
    }
}
