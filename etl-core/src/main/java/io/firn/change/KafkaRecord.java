package io.firn.change;

import java.io.Serializable;
import java.util.List;

/** One record of a topic as the broker keeps it. Its arrays are handed on, not copied. */
public final class KafkaRecord implements Serializable {
    private final String topic;
    private final int partition;
    private final long offset;
    private final long timestamp;
    private final byte[] key;
    private final byte[] value;
    private final List<Header> headers;

    /**
     * @param timestamp in milliseconds since 1970
     * @param key null where the record has none
     * @param value null for a tombstone
     */
    public KafkaRecord(
            String topic, int partition, long offset, long timestamp, byte[] key, byte[] value, List<Header> headers) {
        this.topic = topic;
        this.partition = partition;
        this.offset = offset;
        this.timestamp = timestamp;
        this.key = key;
        this.value = value;
        this.headers = List.copyOf(headers);
    }

    /** A header of a record. */
    public static final class Header implements Serializable {
        private final String name;
        private final byte[] value;

        /** @param value null where the header has none */
        public Header(String name, byte[] value) {
            this.name = name;
            this.value = value;
        }

        public String name() {
            return name;
        }

        public byte[] value() {
            return value;
        }
    }

    public String topic() {
        return topic;
    }

    public int partition() {
        return partition;
    }

    public long offset() {
        return offset;
    }

    public long timestamp() {
        return timestamp;
    }

    public byte[] key() {
        return key;
    }

    public byte[] value() {
        return value;
    }

    public List<Header> headers() {
        return headers;
    }
}
