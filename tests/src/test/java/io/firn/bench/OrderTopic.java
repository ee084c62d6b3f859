package io.firn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Future;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

import io.firn.rig.KafkaServer;

/**
 * A topic of orders as Debezium's connector for PostgreSQL writes it with the schemas off: a snapshot, then changes, of
 * ten of which seven update, two insert and one deletes, each delete with its tombstone.
 */
final class OrderTopic {
    static final String NAME = "bench.public.orders";
    private static final int PARTITIONS = 2;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Random random = new Random(3);
    private final List<Long> ids = new ArrayList<>();
    private final Map<Long, Integer> quantities = new TreeMap<>();
    private long lastId;
    private long lsn = 23_872_472;
    private volatile Exception failure;

    OrderTopic(KafkaServer kafka) {
        kafka.createTopic(NAME, PARTITIONS);
        producer = kafka.producer(Map.of("linger.ms", 20, "batch.size", 1 << 18));
    }

    void snapshot(long rows) {
        for (long row = 0; row < rows; row++) {
            insert("r", "true");
        }
        flush();
    }

    void changes(long count) {
        for (long change = 0; change < count; change++) {
            int kind = random.nextInt(10);
            if (kind < 2) {
                insert("c", "false");
                continue;
            }
            int at = random.nextInt(ids.size());
            long id = ids.get(at);
            if (kind < 9) {
                write("u", id, quantities.merge(id, 1, Integer::sum), "false");
            } else {
                ids.set(at, ids.get(ids.size() - 1));
                ids.remove(ids.size() - 1);
                quantities.remove(id);
                delete(id);
            }
        }
        flush();
    }

    /** What the table is to hold: rows, and the sums of their keys and quantities, as {@code firn sql} prints them. */
    String expected() {
        return "[{\"n\":%d,\"ids\":%d,\"quantities\":%d}]"
                .formatted(
                        quantities.size(),
                        quantities.keySet().stream().mapToLong(id -> id).sum(),
                        quantities.values().stream()
                                .mapToLong(quantity -> quantity)
                                .sum());
    }

    private void insert(String op, String snapshot) {
        long id = ++lastId;
        ids.add(id);
        quantities.put(id, 1);
        write(op, id, 1, snapshot);
    }

    private void write(String op, long id, int quantity, String snapshot) {
        String row = String.format(
                Locale.ROOT,
                "{\"id\":%d,\"customer\":\"Customer %d of Zoë's\",\"amount\":\"B9A=\",\"qty\":%d,\"note\":\"delivered to the"
                        + " neighbour, order %d\",\"updated_at\":\"2026-03-01T11:00:00.500000Z\"}",
                id,
                id % 100_003,
                quantity,
                id);
        send(id, change(op, "null", row, snapshot));
    }

    private void delete(long id) {
        String row = "{\"id\":%d,\"customer\":\"\",\"amount\":null,\"qty\":null,\"note\":null,\"updated_at\":null}";
        send(id, change("d", row.formatted(id), "null", "false"));
        send(id, (byte[]) null);
    }

    private void send(long id, String value) {
        send(id, value.getBytes(UTF_8));
    }

    private void send(long id, byte[] value) {
        Future<?> unused = producer.send(new ProducerRecord<>(NAME, key(id), value), (sent, e) -> {
            if (e != null) {
                failure = e;
            }
        });
    }

    private void flush() {
        producer.flush();
        if (failure != null) {
            throw new IllegalStateException("the topic could not be filled", failure);
        }
    }

    private static byte[] key(long id) {
        return ("{\"id\":" + id + "}").getBytes(UTF_8);
    }

    private String change(String op, String before, String after, String snapshot) {
        lsn += 200;
        return """
                {"before":%s,"after":%s,"source":{"version":"3.5.0.Final","connector":"postgresql","name":"bench",\
                "ts_ms":1795220768850,"snapshot":"%s","db":"postgres","sequence":"[\\"%4$d\\",\\"%4$d\\"]",\
                "ts_us":1795220768850736,"ts_ns":1795220768850736000,"schema":"public","table":"orders","txId":782,\
                "lsn":%4$d,"xmin":null,"origin":null,"origin_lsn":null},"transaction":null,"op":"%5$s",\
                "ts_ms":1795220768892,"ts_us":1795220768892855,"ts_ns":1795220768892855281}"""
                .formatted(before, after, snapshot, lsn, op);
    }
}
