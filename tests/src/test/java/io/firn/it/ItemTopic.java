package io.firn.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.ProducerRecord;

import io.firn.rig.KafkaServer;

/**
 * A topic of changes to a table {@code item (id int, name text, big text)}, written by hand as Debezium's connector for
 * PostgreSQL writes them: with schemas, in its envelope.
 */
final class ItemTopic {
    static final String UNSENT = "\"__debezium_unavailable_value\"";

    private static final String FIELDS =
            """
            {"type":"int32","optional":false,"field":"id"},{"type":"string","optional":true,"field":"name"},\
            {"type":"string","optional":true,"field":"big"}""";
    private static final String SCHEMA =
            """
            {"type":"struct","fields":[\
            {"type":"struct","fields":[%1$s],"optional":true,"name":"item.Value","field":"before"},\
            {"type":"struct","fields":[%1$s],"optional":true,"name":"item.Value","field":"after"},\
            {"type":"struct","fields":[{"type":"string","optional":true,"field":"snapshot"},\
            {"type":"int64","optional":true,"field":"ts_us"},{"type":"int64","optional":true,"field":"lsn"}],\
            "optional":false,"name":"Source","field":"source"},\
            {"type":"string","optional":false,"field":"op"}],"optional":false,"name":"item.Envelope"}"""
                    .formatted(FIELDS);
    private static final String KEY_SCHEMA =
            """
            {"type":"struct","fields":[{"type":"int32","optional":false,"field":"id"}],"optional":false,"name":"item.Key"}""";

    private final KafkaServer kafka;
    private final String name;

    private ItemTopic(KafkaServer kafka, String name) {
        this.kafka = kafka;
        this.name = name;
    }

    static ItemTopic create(KafkaServer kafka, String name, int partitions) {
        kafka.createTopic(name, partitions);
        return new ItemTopic(kafka, name);
    }

    static ItemTopic create(KafkaServer kafka, String name, Map<String, String> settings) {
        kafka.createTopic(name, 1, settings);
        return new ItemTopic(kafka, name);
    }

    String name() {
        return name;
    }

    /** A pipeline that reads this topic, with its columns from the messages. */
    String yaml(String more) {
        return """
                pipeline: shop
                source:
                  type: debezium
                  brokers: %s
                  topic: %s
                %s"""
                .formatted(kafka.bootstrap(), name, more);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    final void send(ProducerRecord<byte[], byte[]>... records) {
        kafka.produce(List.of(records));
    }

    /** @param time when they are written, in milliseconds */
    @SafeVarargs
    @SuppressWarnings("varargs")
    final void sendAt(long time, ProducerRecord<byte[], byte[]>... records) {
        kafka.produce(Stream.of(records)
                .map(record -> new ProducerRecord<>(
                        record.topic(), record.partition(), (Long) time, record.key(), record.value()))
                .toList());
    }

    ProducerRecord<byte[], byte[]> create(long lsn, int id, String name) {
        return row("c", lsn, id, text(name), text("big " + id), "false");
    }

    ProducerRecord<byte[], byte[]> update(long lsn, int id, String name) {
        return row("u", lsn, id, text(name), text("big " + id), "false");
    }

    /** An update that leaves a large value unsent. */
    ProducerRecord<byte[], byte[]> partial(long lsn, int id, String name) {
        return row("u", lsn, id, text(name), UNSENT, "false");
    }

    /** @param snapshot true, first, last and so on */
    ProducerRecord<byte[], byte[]> read(long lsn, int id, String name, String snapshot) {
        return row("r", lsn, id, text(name), text("big " + id), snapshot);
    }

    ProducerRecord<byte[], byte[]> delete(long lsn, int id) {
        return record(key(id), change("d", lsn, row(id, "null", "null"), "null", "false"));
    }

    /** A row takes another key, and its large value is left unsent: the delete and the insert that say so. */
    List<ProducerRecord<byte[], byte[]>> move(long lsn, int from, int to, String name) {
        ProducerRecord<byte[], byte[]> gone = delete(lsn, from);
        gone.headers().add("__debezium.newkey", key(to));
        ProducerRecord<byte[], byte[]> come = row("c", lsn, to, text(name), UNSENT, "false");
        come.headers().add("__debezium.oldkey", key(from));
        return List.of(gone, come);
    }

    ProducerRecord<byte[], byte[]> tombstone(int id) {
        return new ProducerRecord<>(name, key(id), null);
    }

    ProducerRecord<byte[], byte[]> truncate(long lsn) {
        return record(null, change("t", lsn, "null", "null", "false"));
    }

    /** A change of another kind. */
    ProducerRecord<byte[], byte[]> other(String op, long lsn, int id) {
        return row(op, lsn, id, "null", "null", "false");
    }

    /** Any bytes under a row's key. */
    ProducerRecord<byte[], byte[]> raw(int id, String value) {
        return record(key(id), value);
    }

    ProducerRecord<byte[], byte[]> keyless(long lsn, int id, String name) {
        return record(null, change("c", lsn, "null", row(id, text(name), "null"), "false"));
    }

    ProducerRecord<byte[], byte[]> in(int partition, ProducerRecord<byte[], byte[]> record) {
        return new ProducerRecord<>(record.topic(), partition, record.key(), record.value());
    }

    private ProducerRecord<byte[], byte[]> row(String op, long lsn, int id, String name, String big, String snapshot) {
        return record(key(id), change(op, lsn, "null", row(id, name, big), snapshot));
    }

    private ProducerRecord<byte[], byte[]> record(byte[] key, String value) {
        return new ProducerRecord<>(name, key, value.getBytes(UTF_8));
    }

    private static byte[] key(int id) {
        return "{\"schema\":%s,\"payload\":{\"id\":%d}}"
                .formatted(KEY_SCHEMA, id)
                .getBytes(UTF_8);
    }

    private static String row(int id, String name, String big) {
        return "{\"id\":%d,\"name\":%s,\"big\":%s}".formatted(id, name, big);
    }

    private static String change(String op, long lsn, String before, String after, String snapshot) {
        return """
                {"schema":%s,"payload":{"before":%s,"after":%s,"source":{"snapshot":"%s","ts_us":%d,"lsn":%d},"op":"%s"}}"""
                .formatted(SCHEMA, before, after, snapshot, 1_700_000_000_000_000L + lsn, lsn, op);
    }

    private static String text(String value) {
        return value == null ? "null" : '"' + value + '"';
    }
}
