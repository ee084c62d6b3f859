package io.firn.source;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

import io.firn.change.KafkaRecord;

/** The brokers of a source, as they are now. Offsets are those of committed records. For one thread. */
public final class Topics implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS = 60;
    private static final int SAMPLES = 20;
    private static final Duration POLL = Duration.ofSeconds(5);

    private final TopicSource source;
    private final Admin admin;

    private Topics(TopicSource source, Admin admin) {
        this.source = source;
        this.admin = admin;
    }

    /** Throws {@link SourceUnavailable} when a setting of the clients does not work. */
    public static Topics open(TopicSource source) {
        Properties settings = KafkaSettings.of(source);
        settings.putIfAbsent("client.id", "firn");
        try {
            return new Topics(source, Admin.create(settings));
        } catch (RuntimeException e) {
            throw SourceUnavailable.settings(source, e);
        }
    }

    /** The names of the source's topics that exist. Throws {@link SourceUnavailable} when brokers do not answer. */
    public SortedMap<String, TopicRange> ranges() {
        Set<String> names = new TreeSet<>();
        answer(admin.listTopics().names()).stream().filter(source::reads).forEach(names::add);
        return ranges(names);
    }

    private SortedMap<String, TopicRange> ranges(Set<String> names) {
        Map<String, TopicDescription> topics =
                answer(admin.describeTopics(names).allTopicNames());
        List<TopicPartition> partitions = new ArrayList<>();
        topics.forEach((name, topic) -> topic.partitions()
                .forEach(partition -> partitions.add(new TopicPartition(name, partition.partition()))));
        Map<TopicPartition, ListOffsetsResultInfo> earliest = offsets(partitions, OffsetSpec.earliest());
        Map<TopicPartition, ListOffsetsResultInfo> end = offsets(partitions, OffsetSpec.latest());
        Map<String, Keeping> keeping = keeping(names);
        SortedMap<String, TopicRange> ranges = new TreeMap<>();
        topics.forEach((name, topic) -> {
            SortedMap<Integer, TopicRange.Bounds> bounds = new TreeMap<>();
            topic.partitions().forEach(info -> {
                TopicPartition partition = new TopicPartition(name, info.partition());
                bounds.put(
                        info.partition(),
                        new TopicRange.Bounds(
                                earliest.get(partition).offset(),
                                end.get(partition).offset()));
            });
            Keeping kept = keeping.getOrDefault(name, new Keeping(source.retention(), false));
            ranges.put(
                    name, new TopicRange(name, topic.topicId().toString(), bounds, kept.retention(), kept.compacted()));
        });
        return ranges;
    }

    /** When the records at these offsets, or the next ones that are there, were written; absent where there is none. */
    public Map<Integer, Instant> times(String topic, Map<Integer, Long> offsets) {
        Map<Integer, Instant> times = new TreeMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(1)) {
            offsets.forEach((partition, offset) -> {
                for (ConsumerRecord<byte[], byte[]> record : some(consumer, topic, partition, offset)) {
                    times.putIfAbsent(partition, Instant.ofEpochMilli(record.timestamp()));
                }
            });
        }
        return times;
    }

    /** The first offset of each partition whose record was written at that time or later; its end where there is none. */
    public Map<Integer, Long> offsetsAt(TopicRange range, Instant time) {
        List<TopicPartition> partitions = range.partitions().keySet().stream()
                .map(partition -> new TopicPartition(range.topic(), partition))
                .toList();
        Map<Integer, Long> offsets = new TreeMap<>();
        offsets(partitions, OffsetSpec.forTimestamp(time.toEpochMilli()))
                .forEach((partition, found) -> offsets.put(
                        partition.partition(),
                        found.offset() < 0
                                ? range.partitions().get(partition.partition()).end()
                                : found.offset()));
        return offsets;
    }

    /** Some of the oldest records of a topic that brokers still have. */
    public List<KafkaRecord> oldest(TopicRange range) {
        List<KafkaRecord> samples = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(SAMPLES)) {
            range.partitions().forEach((partition, bounds) -> {
                if (bounds.earliest() < bounds.end()) {
                    some(consumer, range.topic(), partition, bounds.earliest())
                            .forEach(record -> samples.add(record(record)));
                }
            });
        }
        samples.sort(Comparator.comparingLong(KafkaRecord::timestamp));
        return samples;
    }

    /** Some of the newest records of a topic, the newest of each partition last. */
    public List<KafkaRecord> newest(TopicRange range) {
        List<KafkaRecord> samples = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(SAMPLES)) {
            range.partitions().forEach((partition, bounds) -> {
                long from = Math.max(bounds.earliest(), bounds.end() - SAMPLES);
                if (from < bounds.end()) {
                    some(consumer, range.topic(), partition, from).forEach(record -> samples.add(record(record)));
                }
            });
        }
        return samples;
    }

    /**
     * Up to so many of a topic's newest records, the newest of each partition last; fewer where brokers take long to send
     * them.
     */
    public List<KafkaRecord> sample(TopicRange range, int most) {
        List<KafkaRecord> samples = new ArrayList<>();
        long each = Math.max(1, most / Math.max(1, range.partitions().size()));
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(SAMPLES)) {
            range.partitions().forEach((partition, bounds) -> {
                TopicPartition at = new TopicPartition(range.topic(), partition);
                consumer.assign(List.of(at));
                consumer.seek(at, Math.max(bounds.earliest(), bounds.end() - each));
                boolean more = consumer.position(at) < bounds.end();
                while (more) {
                    List<ConsumerRecord<byte[], byte[]>> got =
                            consumer.poll(POLL).records(at);
                    got.forEach(record -> samples.add(record(record)));
                    more = !got.isEmpty() && consumer.position(at) < bounds.end();
                }
            });
        }
        return samples;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }

    private static KafkaRecord record(ConsumerRecord<byte[], byte[]> record) {
        return new KafkaRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                List.of());
    }

    /**
     * The records of a batch, as Spark reads them: key, value, topic, partition, offset, timestamp, timestampType, headers.
     *
     * @param source whose brokers are asked
     */
    public static Dataset<Row> records(SparkSession spark, TopicSource source, Collection<OffsetPlan> batch) {
        Map<String, Map<Integer, Long>> from = new TreeMap<>();
        Map<String, Map<Integer, Long>> to = new TreeMap<>();
        for (OffsetPlan topic : batch) {
            topic.offsets().partitions().forEach((partition, range) -> {
                if (range.to() > range.from()) {
                    from.computeIfAbsent(topic.topic(), name -> new TreeMap<>()).put(partition, range.from());
                    to.computeIfAbsent(topic.topic(), name -> new TreeMap<>()).put(partition, range.to());
                }
            });
        }
        Map<String, Set<Integer>> partitions = new TreeMap<>();
        from.forEach((topic, offsets) -> partitions.put(topic, offsets.keySet()));
        DataFrameReader reader = spark.read()
                .format("kafka")
                .options(KafkaSettings.options(source))
                .option("assign", json(partitions))
                .option("startingOffsets", json(from))
                .option("endingOffsets", json(to))
                .option("includeHeaders", "true")
                .option("failOnDataLoss", "true");
        if (source.consumers() != null) {
            reader = reader.option("minPartitions", String.valueOf(source.consumers()));
        }
        return reader.load();
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Iterable<ConsumerRecord<byte[], byte[]>> some(
            KafkaConsumer<byte[], byte[]> consumer, String topic, int partition, long offset) {
        consumer.assign(List.of(new TopicPartition(topic, partition)));
        consumer.seek(new TopicPartition(topic, partition), offset);
        return consumer.poll(POLL).records(new TopicPartition(topic, partition));
    }

    private KafkaConsumer<byte[], byte[]> consumer(int records) {
        Properties settings = KafkaSettings.of(source);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        settings.put("max.poll.records", String.valueOf(records));
        settings.putIfAbsent("client.id", "firn");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<TopicPartition, ListOffsetsResultInfo> offsets(List<TopicPartition> partitions, OffsetSpec which) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, which));
        return answer(admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all());
    }

    /** Which records brokers drop; see {@link TopicRange}. */
    private record Keeping(Duration retention, boolean compacted) {}

    /** What the topics say; nothing where the client may not ask. */
    private Map<String, Keeping> keeping(Collection<String> names) {
        List<ConfigResource> topics = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, Keeping> keeping = new HashMap<>();
        try {
            answer(admin.describeConfigs(topics).all())
                    .forEach((topic, config) -> keeping.put(topic.name(), keeping(config)));
        } catch (SourceUnavailable e) {
            if (!(e.getCause() instanceof AuthorizationException)) {
                throw e;
            }
        }
        return keeping;
    }

    private Keeping keeping(Config topic) {
        ConfigEntry entry = topic.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        List<String> policies =
                entry == null ? List.of() : List.of(entry.value().split(","));
        long retention = policies.contains(TopicConfig.CLEANUP_POLICY_DELETE)
                ? millis(topic, TopicConfig.RETENTION_MS_CONFIG)
                : -1;
        boolean compacted = policies.contains(TopicConfig.CLEANUP_POLICY_COMPACT)
                && millis(topic, TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG)
                        < Duration.ofDays(1).toMillis();
        Duration told = retention < 0 ? null : Duration.ofMillis(retention);
        return new Keeping(source.retention() == null ? told : source.retention(), compacted);
    }

    private static long millis(Config topic, String setting) {
        ConfigEntry entry = topic.get(setting);
        return entry == null ? -1 : Long.parseLong(entry.value());
    }

    private <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SourceUnavailable(source, e);
        } catch (ExecutionException e) {
            throw new SourceUnavailable(source, e.getCause());
        } catch (TimeoutException e) {
            throw new SourceUnavailable(source, e);
        }
    }
}
