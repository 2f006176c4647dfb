package dev.telltale.ingest.kafka;

import dev.telltale.http.Json;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.ingest.otlp.TestExports;
import dev.telltale.kafka.Kafka;
import dev.telltale.kafka.KafkaClients;
import dev.telltale.kafka.KafkaProperties;
import dev.telltale.kafka.Topics;
import dev.telltale.series.SharedStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;

/// The topic of samples between relays and consumers of one database.
final class TopicFixture implements AutoCloseable {

    static final long INSTALLATION = 11;
    static final Duration LETTERS = Duration.ofSeconds(2);

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final KafkaProperties properties;
    final KafkaClients clients;
    final Topics topics;
    private final KafkaMeters meters = new KafkaMeters(registry);

    TopicFixture(Kafka kafka, KafkaProperties.Topics names) {
        properties = kafka.properties(names);
        clients = KafkaClients.of(properties);
        topics = new Topics(clients, properties, SharedStore.PARTITIONS);
        topics.start();
    }

    KafkaRelay relay(SharedStore store) {
        return new KafkaRelay(
                clients.producer("relay", properties.sendTimeout(), 32 << 20),
                topics,
                properties.topics().samples(),
                INSTALLATION,
                store.store(),
                properties.sendTimeout(),
                meters);
    }

    /// A started consumer that is told of no partition yet.
    SampleConsumer consumer(SharedStore store, int batchBytes) {
        SeriesFilter all = new SeriesFilter(List.of(), registry);
        SampleDecoder decoder = new SampleDecoder(
                new Json(),
                all,
                TestExports.metrics(all, registry),
                WorkingMemory.ofTheHeap(),
                INSTALLATION,
                Math.toIntExact(properties.recordSize().toBytes()));
        SampleConsumer consumer = new SampleConsumer(
                () -> clients.consumer("samples"),
                topics,
                properties.topics().samples(),
                decoder,
                new DeadLetters(
                        clients.producer("letters", LETTERS, 8 << 20),
                        properties.topics().deadLetters(),
                        LETTERS),
                store.intake(registry),
                batchBytes,
                meters);
        consumer.start();
        return consumer;
    }

    /// One that reads all partitions.
    SampleConsumer consumerOfAll(SharedStore store) {
        SampleConsumer consumer = consumer(store, 8 << 20);
        for (int partition = 0; partition < SharedStore.PARTITIONS; partition++) {
            consumer.gained(partition);
        }
        return consumer;
    }

    double counted(String meter, String... tags) {
        return registry.get(meter).tags(tags).counter().count();
    }

    @Override
    public void close() {
        topics.close();
    }
}
