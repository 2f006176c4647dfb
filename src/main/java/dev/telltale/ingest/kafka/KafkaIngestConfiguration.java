package dev.telltale.ingest.kafka;

import dev.telltale.http.Json;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.ingest.otlp.ExportedMetrics;
import dev.telltale.kafka.Installation;
import dev.telltale.kafka.KafkaClients;
import dev.telltale.kafka.KafkaProperties;
import dev.telltale.kafka.OnKafka;
import dev.telltale.kafka.StoreLayoutProperties;
import dev.telltale.kafka.Topics;
import dev.telltale.series.Intake;
import dev.telltale.series.Partitions;
import dev.telltale.series.SeriesStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/// Wires the topic of samples, where somebody has said where Kafka is.
@Configuration(proxyBeanMethods = false)
@Conditional(OnKafka.class)
class KafkaIngestConfiguration {

    private static final long RELAY_BUFFER = 32L << 20;
    private static final long LETTER_BUFFER = 8L << 20;
    private static final Duration LETTER_TIMEOUT = Duration.ofSeconds(10);

    @Bean
    KafkaMeters kafkaMeters(MeterRegistry registry) {
        return new KafkaMeters(registry);
    }

    /// Closed after the web server's last request.
    @Bean
    KafkaRelay kafkaRelay(
            KafkaClients clients,
            KafkaProperties properties,
            Topics topics,
            Installation installation,
            SeriesStore store,
            KafkaMeters meters) {
        return new KafkaRelay(
                clients.producer("relay", properties.sendTimeout(), RELAY_BUFFER),
                topics,
                properties.topics().samples(),
                installation.number(),
                store,
                properties.sendTimeout(),
                meters);
    }

    @Bean(destroyMethod = "")
    SampleConsumer sampleConsumer(
            KafkaClients clients,
            KafkaProperties properties,
            Topics topics,
            Installation installation,
            Intake intake,
            Json json,
            SeriesFilter filter,
            ExportedMetrics metrics,
            KafkaMeters meters) {
        SampleDecoder decoder = new SampleDecoder(
                json,
                filter,
                metrics,
                WorkingMemory.ofTheHeap(),
                installation.number(),
                Math.toIntExact(properties.recordSize().toBytes()));
        DeadLetters letters = new DeadLetters(
                clients.producer("dead-letters", LETTER_TIMEOUT, LETTER_BUFFER),
                properties.topics().deadLetters(),
                LETTER_TIMEOUT);
        return new SampleConsumer(
                () -> clients.consumer("samples"),
                topics,
                properties.topics().samples(),
                decoder,
                letters,
                intake,
                properties.pollSize().toBytes(),
                meters);
    }

    /// Begins after the detectors, which are to hear of each sample, and ends before them.
    @Bean
    SmartLifecycle sampleConsumerLifecycle(
            SampleConsumer consumer, Partitions partitions, StoreLayoutProperties layout) {
        return new SmartLifecycle() {

            private volatile boolean running;

            @Override
            public void start() {
                consumer.start();
                partitions.listen(consumer);
                for (int partition = 0; partition < layout.partitions(); partition++) {
                    if (partitions.owns(partition)) {
                        consumer.gained(partition);
                        if (!partitions.owns(partition)) { // lost meanwhile, perhaps told before it was gained
                            consumer.losing(partition);
                        }
                    }
                }
                running = true;
            }

            @Override
            public void stop() {
                running = false;
                consumer.close();
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }
}
