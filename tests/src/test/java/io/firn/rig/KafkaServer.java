package io.firn.rig;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** One Kafka broker, which is its own controller. Tests keep apart by the names of their topics. */
public final class KafkaServer {
    /** Of the user {@code firn}, who alone may come by the guarded listener. */
    public static final String PASSWORD = "s3cr3t-Of-The-Rig";

    private static final String CLUSTER = "AAAAAAAAAAAAAAAAAAAAAQ";

    private final ServerProcess process;
    private final String bootstrap;
    private final String guarded;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicInteger transactions = new AtomicInteger();

    private KafkaServer(ServerProcess process, String bootstrap, String guarded) {
        this.process = process;
        this.bootstrap = bootstrap;
        this.guarded = guarded;
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        producer = producer(Map.of());
    }

    static KafkaServer start(Watchdog watchdog) {
        Path folder = watchdog.folder("kafka");
        int port = Ports.free();
        int guarded = Ports.free();
        Path settings = settings(folder, port, guarded, Ports.free());
        ServerProcess.start(
                        watchdog,
                        folder,
                        "128m",
                        "kafka.tools.StorageTool",
                        "format",
                        "-t",
                        CLUSTER,
                        "-c",
                        "" + settings)
                .awaitSuccess();
        ServerProcess process = ServerProcess.start(watchdog, folder, "256m", "kafka.Kafka", "" + settings);
        process.awaitPort(port);
        return new KafkaServer(process, "127.0.0.1:" + port, "127.0.0.1:" + guarded);
    }

    private static Path settings(Path folder, int port, int guarded, int controller) {
        try {
            return Files.writeString(
                    folder.resolve("server.properties"),
                    """
                    process.roles=broker,controller
                    node.id=1
                    controller.quorum.voters=1@127.0.0.1:%3$d
                    controller.listener.names=CONTROLLER
                    listeners=PLAINTEXT://127.0.0.1:%1$d,SASL_PLAINTEXT://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%3$d
                    advertised.listeners=PLAINTEXT://127.0.0.1:%1$d,SASL_PLAINTEXT://127.0.0.1:%2$d
                    listener.security.protocol.map=PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
                    listener.name.sasl_plaintext.sasl.enabled.mechanisms=PLAIN
                    listener.name.sasl_plaintext.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required user_firn="%5$s";
                    log.dirs=%4$s
                    num.partitions=1
                    auto.create.topics.enable=true
                    offsets.topic.num.partitions=1
                    offsets.topic.replication.factor=1
                    transaction.state.log.num.partitions=1
                    transaction.state.log.replication.factor=1
                    transaction.state.log.min.isr=1
                    group.initial.rebalance.delay.ms=0
                    message.max.bytes=33554432
                    """
                            .formatted(port, guarded, controller, folder.resolve("data"), PASSWORD));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String bootstrap() {
        return bootstrap;
    }

    /** Another way to the same broker, by SASL_PLAINTEXT and the mechanism PLAIN. */
    public String guarded() {
        return guarded;
    }

    long pid() {
        return process.pid();
    }

    /** It answers nobody until it is woken. */
    public void freeze() {
        process.signal("STOP");
    }

    /** It answers again, those too who asked meanwhile. */
    public void wake() {
        process.signal("CONT");
    }

    public void createTopic(String topic, int partitions) {
        createTopic(topic, partitions, Map.of());
    }

    /** With settings of its own, as {@code retention.ms}. */
    public void createTopic(String topic, int partitions, Map<String, String> settings) {
        NewTopic created = new NewTopic(topic, partitions, (short) 1).configs(settings);
        done(admin.createTopics(List.of(created)).all());
        awaitPartitions(topic, partitions);
    }

    /** Changes settings of a topic. */
    public void alterTopic(String topic, Map<String, String> settings) {
        ConfigResource name = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        List<AlterConfigOp> changes = settings.entrySet().stream()
                .map(setting -> new AlterConfigOp(
                        new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET))
                .toList();
        done(admin.incrementalAlterConfigs(Map.of(name, changes)).all());
        Await.until(topic + " has its settings", () -> {
            Config config = done(admin.describeConfigs(List.of(name)).all()).get(name);
            return settings.entrySet().stream()
                    .allMatch(setting -> config.get(setting.getKey()).value().equals(setting.getValue()));
        });
    }

    /** Returns when it is gone, so that it can be created again. */
    public void deleteTopic(String topic) {
        done(admin.deleteTopics(List.of(topic)).all());
        Await.until("topic " + topic + " is gone", () -> !exists(topic));
    }

    public boolean exists(String topic) {
        return done(admin.listTopics().names()).contains(topic);
    }

    /** The id of this creation of a topic. */
    public Uuid topicId(String topic) {
        return description(topic).topicId();
    }

    public void addPartitions(String topic, int total) {
        done(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(total)))
                .all());
        awaitPartitions(topic, total);
    }

    /** The broker answers before it knows itself what it did. */
    private void awaitPartitions(String topic, int partitions) {
        Await.until(topic + " has " + partitions + " partitions", () -> {
            try {
                return description(topic).partitions().stream()
                                .filter(p -> p.leader() != null)
                                .count()
                        == partitions;
            } catch (IllegalStateException e) {
                if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                    return false;
                }
                throw e;
            }
        });
    }

    private TopicDescription description(String topic) {
        return done(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic);
    }

    /** Deletes what lies before an offset, as retention does. */
    public void deleteRecords(String topic, int partition, long before) {
        TopicPartition where = new TopicPartition(topic, partition);
        done(admin.deleteRecords(Map.of(where, RecordsToDelete.beforeOffset(before)))
                .all());
    }

    /** Sends records and returns when the broker has them all. */
    public void produce(List<ProducerRecord<byte[], byte[]>> records) {
        records.stream().map(producer::send).toList().forEach(KafkaServer::done);
    }

    /** A producer with settings of its own, to be closed; a {@code transactional.id} makes it transactional. */
    public KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(settings);
        all.put("bootstrap.servers", bootstrap);
        all.putIfAbsent("linger.ms", 0);
        // A new partition may refuse the first request; one that overtakes it is refused for ever.
        all.putIfAbsent("max.in.flight.requests.per.connection", 1);
        all.putIfAbsent("max.request.size", 33_554_432);
        return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Sends records in one transaction that is committed. */
    public void commit(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> own = transaction(records)) {
            own.commitTransaction();
        }
    }

    /** Sends records in one transaction that is aborted after the broker has them all. */
    public void abort(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> own = transaction(records)) {
            own.abortTransaction();
        }
    }

    private KafkaProducer<byte[], byte[]> transaction(List<ProducerRecord<byte[], byte[]>> records) {
        KafkaProducer<byte[], byte[]> own =
                producer(Map.of("transactional.id", "rig-" + transactions.incrementAndGet()));
        own.initTransactions();
        own.beginTransaction();
        records.stream().map(own::send).toList().forEach(KafkaServer::done);
        return own;
    }

    /** The committed records of a topic, by partition and offset; empty when there is no such topic. */
    public List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        if (!exists(topic)) {
            return List.of();
        }
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            Await.until("all of " + topic + " is read", () -> {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
            records.sort((a, b) -> a.partition() != b.partition()
                    ? Integer.compare(a.partition(), b.partition())
                    : Long.compare(a.offset(), b.offset()));
            return records;
        }
    }

    /** Where a reader of committed records ends, by partition. */
    public Map<TopicPartition, Long> ends(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            return consumer.endOffsets(consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList());
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrap,
                "isolation.level", "read_committed",
                "enable.auto.commit", "false",
                "allow.auto.create.topics", "false");
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static <T> T done(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Kafka says: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while Kafka worked", e);
        }
    }
}
