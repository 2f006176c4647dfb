package dev.telltale.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.http.Json;
import dev.telltale.kafka.BrokerProcess;
import dev.telltale.kafka.Kafka;
import dev.telltale.kafka.KafkaClients;
import dev.telltale.kafka.KafkaProperties;
import dev.telltale.live.LiveScore;
import dev.telltale.series.FrameGroup;
import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class KafkaScoresTest {

    private static final long TIME = 1_772_323_200_000L; // 2026-03-01T00:00:00Z
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final KafkaProperties.Topics names = Kafka.freshTopics();

    @TempDir
    private Path directory;

    private KafkaScores scores(Kafka kafka, int queue) {
        KafkaClients clients = KafkaClients.of(kafka.properties(names));
        KafkaScores scores = new KafkaScores(
                new TopicWriter(clients.producer("scores", TIMEOUT, 1 << 20), TIMEOUT),
                () -> true,
                names.scores(),
                new FrameGroup("instance", 1),
                queue,
                new Json(),
                new KafkaEgressMeters(registry));
        scores.start();
        return scores;
    }

    private double counted(String outcome) {
        return registry.get("telltale.kafka.scores")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private static String value(ConsumerRecord<byte[], byte[]> one) {
        return new String(one.value(), StandardCharsets.UTF_8);
    }

    @Test
    void aScoreIsARecordWithItsGroupAsKey() {
        Kafka kafka = Kafka.shared();
        kafka.create(names.scores(), 1, Map.of());
        SeriesKey up = new SeriesKey("up", Labels.of(Map.of("job", "a")));
        try (KafkaScores scores = scores(kafka, 100)) {
            scores.scored(List.of(
                    new LiveScore(TestScores.DETECTOR, TestScores.cpu("i-1"), TIME, 99.5, 6.5, 12.25, 10, 14.5),
                    TestScores.score(up, TIME + 1, 0.5)));
            List<ConsumerRecord<byte[], byte[]>> records = kafka.read(names.scores(), 2);

            assertThat(new String(records.getFirst().key(), StandardCharsets.UTF_8))
                    .isEqualTo("i-1");
            assertThat(value(records.getFirst()))
                    .isEqualTo("{\"detector\":\"d\",\"series\":{\"name\":\"cpu\",\"labels\":{\"instance\":\"i-1\"}},"
                            + "\"timestamp\":\"2026-03-01T00:00:00Z\",\"value\":99.5,\"score\":6.5,"
                            + "\"expected\":12.25,\"lower\":10.0,\"upper\":14.5}");
            assertThat(new String(records.get(1).key(), StandardCharsets.UTF_8)).isEqualTo("{job=\"a\"}");
            assertThat(value(records.get(1))).contains("\"expected\":null,\"lower\":null,\"upper\":null");
        }
        assertThat(counted("written")).isEqualTo(2);
        assertThat(registry.get("telltale.kafka.scores.waiting").gauge().value())
                .isZero();
    }

    @Test
    void whileTheBrokerIsGoneTheNewestWaitAndTheOldestAreDroppedAndCounted() throws Exception {
        try (BrokerProcess broker = new BrokerProcess(directory.resolve("broker"))) {
            Kafka kafka = Kafka.of(broker);
            kafka.create(names.scores(), 1, Map.of());
            try (KafkaScores scores = scores(kafka, 100)) {
                broker.stop();
                scores.scored(List.of(TestScores.score(TestScores.cpu("i-1"), TIME, 0)));
                while (registry.get("telltale.kafka.scores.waiting").gauge().value() != 1) {
                    Thread.sleep(10);
                }
                Thread.sleep(500); // it is on its way now
                List<LiveScore> more = new ArrayList<>();
                for (int i = 1; i <= 150; i++) {
                    more.add(TestScores.score(TestScores.cpu("i-1"), TIME + i, i));
                }
                scores.scored(more);
                assertThat(counted("overflow")).isEqualTo(50);

                broker.start();
                while (counted("written") < 101) {
                    Thread.sleep(20);
                }
                assertThat(kafka.read(names.scores(), 101))
                        .anyMatch(one -> value(one).contains("\"score\":0.0"))
                        .anyMatch(one -> value(one).contains("\"score\":150.0"))
                        .noneMatch(one -> value(one).contains("\"score\":50.0"));
            }
        }
    }
}
