package dev.telltale.ops;

import static dev.telltale.live.LiveService.INTERVAL;
import static dev.telltale.live.LiveService.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.Postgres;
import dev.telltale.kafka.Kafka;
import dev.telltale.kafka.KafkaProperties;
import dev.telltale.live.LiveService;
import dev.telltale.series.SeriesKey;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole service between PostgreSQL and Kafka.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KafkaIT {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int TRAINED = 300;
    private static final int PUSHED = 20;
    private static final SeriesKey CPU = key("cpu", "instance", "i-1");

    private final Kafka kafka = Kafka.shared();
    private final KafkaProperties.Topics names = Kafka.freshTopics();
    private final long start = Instant.now().toEpochMilli() / INTERVAL * INTERVAL - (TRAINED + PUSHED) * INTERVAL;

    @TempDir
    private Path directory;

    private String[] settings(String servers) {
        Postgres postgres = Postgres.fresh();
        return new String[] {
            "--telltale.database.url=" + postgres.url(),
            "--telltale.database.user=" + postgres.user(),
            "--telltale.database.password-file=" + postgres.passwordFile(directory),
            "--telltale.store.partitions=4",
            "--telltale.kafka.bootstrap-servers=" + servers,
            "--telltale.kafka.group=" + names.samples(),
            "--telltale.kafka.topics.samples=" + names.samples(),
            "--telltale.kafka.topics.dead-letters=" + names.deadLetters(),
            "--telltale.kafka.topics.scores=" + names.scores(),
            "--telltale.kafka.topics.anomalies=" + names.anomalies()
        };
    }

    /// A wave of half an hour with noise, and one sample beside it.
    private static double[] values() {
        SplittableRandom random = new SplittableRandom(1);
        double[] values = new double[TRAINED + PUSHED];
        for (int i = 0; i < values.length; i++) {
            values[i] = 50 + 20 * Math.sin(2 * Math.PI * i / 30) + random.nextDouble(-2, 2);
        }
        values[TRAINED + 10] = 120;
        return values;
    }

    private static JsonNode value(ConsumerRecord<byte[], byte[]> one) {
        return JSON.readTree(one.value());
    }

    private static String header(ConsumerRecord<byte[], byte[]> one, String name) {
        return new String(one.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void whatIsPushedGoesOverTheTopicAndWhatIsFoundIsWrittenToOthers() throws Exception {
        try (LiveService service = new LiveService(directory.resolve("data"), settings(kafka.servers()))) {
            double[] values = values();
            for (int row = 0; row < TRAINED; row++) {
                service.remoteWrite(CPU, start + row * INTERVAL, values[row]);
            }
            assertThat(kafka.count(names.samples())).isEqualTo(TRAINED);
            service.await(() -> count(service) == TRAINED);

            service.train("{\"name\":\"m\",\"series\":[\"cpu\"],\"windowing\":{\"length\":8},"
                    + "\"training\":{\"epochs\":5},\"threshold\":{\"rule\":\"rate\",\"rate\":0.001}}");
            service.watch("d", "{\"model\":\"m\",\"select\":\"cpu\",\"scaling\":\"model\"}");
            for (int row = TRAINED; row < TRAINED + PUSHED; row++) {
                service.remoteWrite(CPU, start + row * INTERVAL, values[row]);
            }
            service.awaitScored("d", start + (TRAINED + PUSHED - 1) * INTERVAL);

            service.await(() -> !service.get("/api/v1/anomalies").get("items").isEmpty());
            String id = service.get("/api/v1/anomalies").at("/items/0/id").stringValue();
            ConsumerRecord<byte[], byte[]> last = null;
            while (last == null || !value(last).equals(service.get("/api/v1/anomalies/" + id))) {
                for (ConsumerRecord<byte[], byte[]> one : kafka.read(names.anomalies(), 1)) {
                    if (new String(one.key(), StandardCharsets.UTF_8).equals("anomaly/" + id)) {
                        last = one;
                    }
                }
            }
            assertThat(header(last, "type")).isEqualTo("anomaly");
            List<String> keys = kafka.read(names.anomalies(), 2).stream()
                    .map(one -> new String(one.key(), StandardCharsets.UTF_8))
                    .toList();
            assertThat(keys).anyMatch(one -> one.startsWith("incident/"));

            List<ConsumerRecord<byte[], byte[]>> scores = kafka.read(names.scores(), PUSHED);
            assertThat(scores).anyMatch(one -> value(one).get("score").doubleValue() > 1);
            assertThat(value(scores.getFirst()).at("/series/labels/instance").stringValue())
                    .isEqualTo("i-1");
            MeterRegistry meters = service.bean(MeterRegistry.class);
            assertThat(meters.get("telltale.kafka.partitions").gauge().value()).isEqualTo(4);
            assertThat(meters.get("telltale.kafka.relayed.samples").counter().count())
                    .isEqualTo(TRAINED + PUSHED);
            assertThat(service.get("/actuator/health/readiness").get("status").stringValue())
                    .isEqualTo("UP");
        }
        assertThat(kafka.noted(names.samples(), names.samples(), 0)
                        + kafka.noted(names.samples(), names.samples(), 1)
                        + kafka.noted(names.samples(), names.samples(), 2)
                        + kafka.noted(names.samples(), names.samples(), 3))
                .isGreaterThanOrEqualTo(TRAINED + PUSHED - 3);
    }

    private static int count(LiveService service) {
        JsonNode all = service.get("/api/v1/series").get("items");
        return all.isEmpty()
                ? 0
                : service.get("/api/v1/series/" + all.get(0).get("id").stringValue())
                        .at("/summary/count")
                        .intValue();
    }

    @Test
    void withoutPostgresKafkaIsRefused() {
        assertThatThrownBy(() -> new LiveService(
                        directory.resolve("data"), "--telltale.kafka.bootstrap-servers=" + kafka.servers()))
                .rootCause()
                .hasMessageContaining("telltale.kafka.bootstrap-servers is given, and the store is SQLite");
    }

    @Test
    void aTopicOfAnotherNumberOfPartitionsIsRefused() {
        kafka.create(names.samples(), 3, Map.of());
        assertThatThrownBy(() -> new LiveService(directory.resolve("data"), settings(kafka.servers())))
                .rootCause()
                .hasMessageContaining("has 3 partitions, and the store 4");
    }

    @Test
    void withoutABrokerTheServiceIsNotReadyAndRefusesWhatIsPushed() {
        try (LiveService service = new LiveService(directory.resolve("data"), settings("127.0.0.1:1"))) {
            assertThat(service.send("GET", "/actuator/health/readiness", "").statusCode())
                    .isEqualTo(503);
            assertThat(service.send("GET", "/actuator/health/liveness", "").statusCode())
                    .isEqualTo(200);
            var refused = service.send("POST", "/v1/metrics", """
                    {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"queue","gauge":{"dataPoints":[
                    {"timeUnixNano":"%d000000","asDouble":3}]}}]}]}]}""".formatted(start));
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).isPresent();
        }
    }
}
