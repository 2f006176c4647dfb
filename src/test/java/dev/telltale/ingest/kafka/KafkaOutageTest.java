package dev.telltale.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.Postgres;
import dev.telltale.kafka.BrokerProcess;
import dev.telltale.kafka.Kafka;
import dev.telltale.kafka.KafkaProperties;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemKind;
import dev.telltale.series.Labels;
import dev.telltale.series.PushedSamples;
import dev.telltale.series.SampleBatch;
import dev.telltale.series.SeriesKey;
import dev.telltale.series.SharedStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A broker that ends and is started again, while a process works on.
class KafkaOutageTest {

    private static final long START = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();
    private static final SeriesKey CPU = new SeriesKey("cpu", Labels.of(Map.of("instance", "i-1")));

    @TempDir
    private Path directory;

    private static SampleBatch batch(long id, int minute) {
        return new SampleBatch(new long[] {id}, new long[] {START + minute * 60_000L}, new double[] {minute});
    }

    private static Problem refusal(KafkaRelay relay, SampleBatch batch) {
        Problem[] problem = new Problem[1];
        assertThatThrownBy(() -> relay.send(batch))
                .isInstanceOfSatisfying(Problem.class, refused -> problem[0] = refused);
        return problem[0];
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void callersAreToldToComeAgainAtOnceUntilTheBrokerIsBack() throws Exception {
        KafkaProperties.Topics names = Kafka.freshTopics();
        try (BrokerProcess broker = new BrokerProcess(directory.resolve("broker"));
                SharedStore store = SharedStore.open(Postgres.fresh(), directory.resolve("data"));
                TopicFixture fixture = new TopicFixture(Kafka.of(broker), names);
                KafkaRelay relay = fixture.relay(store);
                SampleConsumer _ = fixture.consumerOfAll(store);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            PushedSamples first = new PushedSamples();
            first.add(first.series(CPU), START, 0);
            store.intake(fixture.registry).push(first);
            long id = store.store().find(CPU).orElseThrow().id();
            relay.send(batch(id, 1));

            broker.stop();
            Problem slow = refusal(relay, batch(id, 2));
            assertThat(slow.type().kind()).isEqualTo(ProblemKind.UNAVAILABLE);
            assertThat(slow.retryAfter()).isPresent();

            // One of them tries, the others are refused while it does.
            List<Future<Problem>> refusals = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                refusals.add(callers.submit(() -> refusal(relay, batch(id, 2))));
            }
            long atOnce = 0;
            for (Future<Problem> one : refusals) {
                assertThat(one.get().retryAfter()).isPresent();
                atOnce += one.get().detail().contains("another request tries it") ? 1 : 0;
            }
            assertThat(atOnce).isGreaterThanOrEqualTo(40);
            assertThat(fixture.counted("telltale.kafka.relay.requests", "outcome", "refused"))
                    .isEqualTo(51);

            broker.start();
            boolean isBack = false;
            while (!isBack) {
                try {
                    relay.send(batch(id, 2));
                    isBack = true;
                } catch (Problem notYet) {
                    Thread.sleep(20);
                }
            }
            while (store.samples(CPU).count() < 3) {
                Thread.sleep(20);
            }
            assertThat(store.samples(CPU).values()).containsExactly(0, 1, 2);
        }
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void bytesOfTheBrokerThatAreNoRecordArePassedOver() throws Exception {
        KafkaProperties.Topics names = Kafka.freshTopics();
        try (BrokerProcess broker = new BrokerProcess(directory.resolve("broker"));
                SharedStore store = SharedStore.open(Postgres.fresh(), directory.resolve("data"));
                TopicFixture fixture = new TopicFixture(Kafka.of(broker), names)) {
            for (int minute = 1; minute <= 3; minute++) {
                String json = "{\"samples\":[{\"name\":\"cpu\",\"labels\":{\"instance\":\"i-1\"},"
                        + "\"timestamp\":%d,\"value\":%d}]}".formatted(START + minute * 60_000L, minute);
                Kafka.of(broker)
                        .produce(List.of(Kafka.record(
                                names.samples(), 0, "application/json", json.getBytes(StandardCharsets.UTF_8))));
            }
            broker.end();
            Path file = broker.file(names.samples(), 0);
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            Files.writeString(file, bytes.replace("\"value\":2", "\"value\":7"), StandardCharsets.ISO_8859_1);
            broker.start();

            try (SampleConsumer _ = fixture.consumerOfAll(store)) {
                while (store.samples(CPU).count() < 2) {
                    Thread.sleep(20);
                }
            }
            assertThat(store.samples(CPU).values()).containsExactly(1, 3);
            Headers headers =
                    Kafka.of(broker).read(names.deadLetters(), 1).getFirst().headers();
            assertThat(new String(headers.lastHeader("telltale-cause").value(), StandardCharsets.UTF_8))
                    .isEqualTo("unreadable");
            assertThat(new String(headers.lastHeader("telltale-offset").value(), StandardCharsets.UTF_8))
                    .isEqualTo("1");
        }
    }
}
