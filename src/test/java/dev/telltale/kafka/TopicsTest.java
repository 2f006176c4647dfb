package dev.telltale.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TopicsTest {

    private final KafkaProperties.Topics names = Kafka.freshTopics();

    @TempDir
    private Path directory;

    private static KafkaProperties with(KafkaProperties given, boolean createTopics, @Nullable Path clientFile) {
        return new KafkaProperties(
                given.bootstrapServers(),
                clientFile,
                given.group(),
                createTopics,
                given.topics(),
                Duration.ofSeconds(2),
                500,
                DataSize.ofMegabytes(8),
                DataSize.ofMegabytes(4),
                1_000);
    }

    @Test
    void makesWhatIsMissingAndLeavesWhatIsThere() {
        Kafka kafka = Kafka.shared();
        kafka.create(names.scores(), 3, Map.of());
        for (int start = 0; start < 2; start++) {
            KafkaProperties properties = kafka.properties(names);
            try (Topics topics = new Topics(KafkaClients.of(properties), properties, 4)) {
                topics.start();

                assertThat(topics.areReady()).isTrue();
                assertThat(kafka.partitions(names.samples())).isEqualTo(4);
                assertThat(kafka.partitions(names.deadLetters())).isEqualTo(1);
                assertThat(kafka.partitions(names.scores())).isEqualTo(3);
                assertThat(kafka.partitions(names.anomalies())).isEqualTo(1);
            }
        }
    }

    @Test
    void anotherNumberOfPartitionsRefusesTheStart() {
        Kafka kafka = Kafka.shared();
        kafka.create(names.samples(), 5, Map.of());
        KafkaProperties properties = kafka.properties(names);
        try (Topics topics = new Topics(KafkaClients.of(properties), properties, 16)) {
            assertThatThrownBy(topics::start)
                    .isInstanceOf(KafkaUnusable.class)
                    .hasMessageContaining("'" + names.samples() + "' has 5 partitions, and the store 16");
        }
    }

    @Test
    void whereItMayNotMakeTopicsTheyMustBeThere() {
        KafkaProperties properties = with(Kafka.shared().properties(names), false, null);
        try (Topics topics = new Topics(KafkaClients.of(properties), properties, 4)) {
            assertThatThrownBy(topics::start)
                    .isInstanceOfSatisfying(
                            KafkaUnusable.class,
                            refusal -> assertThat(refusal.advice())
                                    .contains("4 partitions")
                                    .contains("telltale.kafka.create-topics"));
        }
    }

    @Test
    void waitsForABrokerThatIsNotThereYet() throws Exception {
        try (BrokerProcess broker = new BrokerProcess(directory.resolve("broker"))) {
            broker.stop();
            KafkaProperties properties = Kafka.of(broker).properties(names);
            try (Topics topics = new Topics(KafkaClients.of(properties), properties, 4)) {
                topics.start();
                assertThat(topics.areReady()).isFalse();
                assertThat(topics.fault()).isPresent();

                broker.start();
                while (!topics.areReady()) {
                    Thread.sleep(20);
                }
                assertThat(Kafka.of(broker).partitions(names.samples())).isEqualTo(4);
            }
        }
    }

    @Test
    void aFileOfClientSettingsThatIsNotThereRefusesTheStart() {
        KafkaProperties properties = with(Kafka.shared().properties(names), true, directory.resolve("none"));
        assertThatThrownBy(() -> KafkaClients.of(properties))
                .isInstanceOfSatisfying(
                        KafkaUnusable.class,
                        refusal -> assertThat(refusal.advice()).contains("telltale.kafka.client-file"));
    }

    @Test
    void settingsOfTheFileReachTheClientsAndOursGoFirst() throws Exception {
        Path file = Files.writeString(
                directory.resolve("client.properties"),
                "security.protocol=SASL_PLAINTEXT\nbootstrap.servers=nowhere:1\n");
        KafkaProperties properties = with(Kafka.shared().properties(names), true, file);
        assertThatThrownBy(() -> KafkaClients.of(properties).admin().close())
                .hasStackTraceContaining("JAAS"); // for which nobody gave a user
    }
}
