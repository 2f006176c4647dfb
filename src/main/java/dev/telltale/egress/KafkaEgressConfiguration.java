package dev.telltale.egress;

import dev.telltale.database.Database;
import dev.telltale.database.Leases;
import dev.telltale.http.Json;
import dev.telltale.kafka.KafkaClients;
import dev.telltale.kafka.KafkaProperties;
import dev.telltale.kafka.OnKafka;
import dev.telltale.kafka.Topics;
import dev.telltale.live.FindingFeed;
import dev.telltale.series.SeriesStoreProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/// Wires scores and findings that go to Kafka, where somebody has said where it is.
@Configuration(proxyBeanMethods = false)
@Conditional(OnKafka.class)
class KafkaEgressConfiguration {

    private static final long BUFFER = 16L << 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Bean
    KafkaEgressMeters kafkaEgressMeters(MeterRegistry registry) {
        return new KafkaEgressMeters(registry);
    }

    @Bean(destroyMethod = "")
    KafkaScores kafkaScores(
            KafkaClients clients,
            KafkaProperties properties,
            SeriesStoreProperties store,
            Topics topics,
            Json json,
            KafkaEgressMeters meters) {
        return new KafkaScores(
                new TopicWriter(clients.producer("scores", TIMEOUT, BUFFER), TIMEOUT),
                topics::areReady,
                properties.topics().scores(),
                store.group(),
                properties.scoreQueue(),
                json,
                meters);
    }

    @Bean(destroyMethod = "")
    KafkaFindings kafkaFindings(
            KafkaClients clients,
            KafkaProperties properties,
            Topics topics,
            Database database,
            Leases leases,
            FindingFeed feed,
            KafkaEgressMeters meters) {
        return new KafkaFindings(
                database,
                leases.lease("findings"),
                feed,
                new TopicWriter(clients.producer("findings", TIMEOUT, BUFFER), TIMEOUT),
                topics::areReady,
                properties.topics().anomalies(),
                meters);
    }

    /// Begins before the detectors, and ends after their last scores.
    @Bean
    SmartLifecycle kafkaEgressLifecycle(KafkaScores scores, KafkaFindings findings) {
        return new SmartLifecycle() {

            private static final int BEFORE_THE_DETECTORS = 8192;

            private volatile boolean running;

            @Override
            public int getPhase() {
                return DEFAULT_PHASE - BEFORE_THE_DETECTORS;
            }

            @Override
            public void start() {
                scores.start();
                findings.start();
                running = true;
            }

            @Override
            public void stop() {
                running = false;
                findings.close();
                scores.close();
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }
}
