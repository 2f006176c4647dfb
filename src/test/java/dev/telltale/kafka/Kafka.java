package dev.telltale.kafka;

import dev.telltale.SharedServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;
import org.testcontainers.kafka.KafkaContainer;

/// Kafka for tests: a broker that all of them share, or one of a test. Each test has topics of its own.
public final class Kafka {

    private static final SharedServer<String> SHARED =
            new SharedServer<>("Kafka", "apache/kafka:4.2.2", Kafka::container, Kafka::process);
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String servers;

    private Kafka(String servers) {
        this.servers = servers;
    }

    /// The shared broker.
    public static Kafka shared() {
        return new Kafka(SHARED.get());
    }

    /// A broker of one test.
    public static Kafka of(BrokerProcess broker) {
        return new Kafka(broker.servers());
    }

    public String servers() {
        return servers;
    }

    /// Names of topics that no other test has; none is there yet.
    public static KafkaProperties.Topics freshTopics() {
        String name =
                "test" + COUNT.incrementAndGet() + "-" + ProcessHandle.current().pid();
        return new KafkaProperties.Topics(name + ".samples", name + ".dlt", name + ".scores", name + ".anomalies");
    }

    /// As the settings of a service would give them.
    public KafkaProperties properties(KafkaProperties.Topics topics) {
        return new KafkaProperties(
                servers,
                null,
                "group-of-" + topics.samples(),
                true,
                topics,
                Duration.ofSeconds(2),
                500,
                DataSize.ofMegabytes(8),
                DataSize.ofMegabytes(4),
                100_000);
    }

    /// Makes a topic.
    public void create(String topic, int partitions, Map<String, String> settings) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            admin.createTopics(
                            List.of(new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(settings)))
                    .all()
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// How many partitions a topic has.
    public int partitions(String topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                    .mapToInt(one -> one.partitions().size())
                    .sum();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Writes records, in their order.
    public void produce(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> settings = new HashMap<>(Map.of(
                "bootstrap.servers", servers, "max.request.size", 64 << 20, "buffer.memory", 64 << 20, "acks", "all"));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<?>> written = new ArrayList<>();
            records.forEach(one -> written.add(producer.send(one)));
            for (Future<?> one : written) {
                one.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A record whose value is of a type.
    public static ProducerRecord<byte[], byte[]> record(
            String topic, int partition, @Nullable String contentType, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> one = new ProducerRecord<>(topic, partition, null, value);
        if (contentType != null) {
            one.headers().add("content-type", contentType.getBytes(StandardCharsets.UTF_8));
        }
        return one;
    }

    /// The first records of a topic, once there are so many, by partition and offset.
    public List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("reader")) {
            List<TopicPartition> places = consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(topic, one.partition()))
                    .toList();
            consumer.assign(places);
            consumer.seekToBeginning(places);
            while (found.size() < count) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        return found;
    }

    /// How many records a topic holds.
    public long count(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("reader")) {
            List<TopicPartition> places = consumer.partitionsFor(topic).stream()
                    .map(one -> new TopicPartition(topic, one.partition()))
                    .toList();
            return consumer.endOffsets(places).values().stream()
                    .mapToLong(end -> end)
                    .sum();
        }
    }

    /// What a group has noted of a partition; −1 if nothing.
    public long noted(String group, String topic, int partition) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(group)) {
            TopicPartition place = new TopicPartition(topic, partition);
            OffsetAndMetadata mark = consumer.committed(Set.of(place)).get(place);
            return mark == null ? -1 : mark.offset();
        }
    }

    /// Lets a group begin anew.
    public void forget(String group) {
        administer(admin -> admin.deleteConsumerGroups(List.of(group)).all());
    }

    /// Removes a topic, and waits until it is gone.
    public void delete(String topic) {
        administer(admin -> admin.deleteTopics(List.of(topic)).all());
        boolean isThere = true;
        while (isThere) {
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
                isThere = admin.listTopics().names().get().contains(topic);
            } catch (InterruptedException | ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// Removes the records before an offset, as the retention of a topic does.
    public void removeBefore(String topic, int partition, long offset) {
        administer(admin -> admin.deleteRecords(
                        Map.of(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(offset)))
                .all());
    }

    private void administer(Function<Admin, KafkaFuture<?>> work) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", servers))) {
            work.apply(admin).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(String group) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "group.id", group, "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static String container(String image) {
        KafkaContainer container = new KafkaContainer(image).withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
        container.start();
        return container.getBootstrapServers();
    }

    private static String process(Path directory) {
        BrokerProcess process = new BrokerProcess(directory);
        Runtime.getRuntime().addShutdownHook(new Thread(process::close));
        return process.servers();
    }
}
