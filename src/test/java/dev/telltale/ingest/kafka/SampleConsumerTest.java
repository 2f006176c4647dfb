package dev.telltale.ingest.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.telltale.database.Postgres;
import dev.telltale.kafka.Kafka;
import dev.telltale.kafka.KafkaProperties;
import dev.telltale.series.Labels;
import dev.telltale.series.PushedSamples;
import dev.telltale.series.SampleBatch;
import dev.telltale.series.Samples;
import dev.telltale.series.SeriesKey;
import dev.telltale.series.SharedStore;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Records of a real broker, stored in a real database.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SampleConsumerTest {

    private static final long START = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;
    private static final String JSON = "application/json";

    @TempDir
    private Path directory;

    private final Kafka kafka = Kafka.shared();
    private final KafkaProperties.Topics names = Kafka.freshTopics();
    private Postgres postgres;
    private SharedStore store;
    private TopicFixture fixture;

    @BeforeEach
    void open() {
        postgres = Postgres.fresh();
        store = SharedStore.open(postgres, directory);
        kafka.create(names.samples(), SharedStore.PARTITIONS, Map.of("max.message.bytes", Integer.toString(12 << 20)));
        fixture = new TopicFixture(kafka, names);
    }

    @AfterEach
    void close() {
        fixture.close();
        store.close();
    }

    private static SeriesKey key(String instance) {
        return new SeriesKey("cpu", Labels.of(Map.of("instance", instance)));
    }

    private static String json(String instance, long time, double value) {
        return "{\"samples\":[{\"name\":\"cpu\",\"labels\":{\"instance\":\"%s\"},\"timestamp\":%d,\"value\":%s}]}"
                .formatted(instance, time, value);
    }

    private ProducerRecord<byte[], byte[]> record(int partition, @Nullable String type, String value) {
        return Kafka.record(names.samples(), partition, type, value.getBytes(StandardCharsets.UTF_8));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(20);
        }
    }

    private int stored(String instance) {
        return store.samples(key(instance)).count();
    }

    /// Makes series by their first samples, and gives their ids.
    private long[] ids(int count) {
        PushedSamples first = new PushedSamples();
        for (int i = 0; i < count; i++) {
            first.add(first.series(key("i-" + i)), START, 0);
        }
        store.intake(fixture.registry).push(first);
        long[] ids = new long[count];
        for (int i = 0; i < count; i++) {
            ids[i] = store.store().find(key("i-" + i)).orElseThrow().id();
        }
        return ids;
    }

    private static SampleBatch batch(long[] ids, int minute) {
        long[] times = new long[ids.length];
        double[] values = new double[ids.length];
        for (int i = 0; i < ids.length; i++) {
            times[i] = START + minute * MINUTE;
            values[i] = minute + i / 100.0;
        }
        return new SampleBatch(ids, times, values);
    }

    @Test
    void whatIsRelayedIsInTheTopicAndThenStoredAndComingAgainChangesNothing() throws Exception {
        long[] ids = ids(12);
        try (KafkaRelay relay = fixture.relay(store)) {
            for (int minute = 1; minute <= 250; minute++) {
                relay.send(batch(ids, minute));
            }
        }
        // 12 instances lie in all 4 partitions: one record for each of them and request.
        assertThat(kafka.count(names.samples())).isEqualTo(1_000);
        List<ConsumerRecord<byte[], byte[]>> records = kafka.read(names.samples(), 1_000);
        for (ConsumerRecord<byte[], byte[]> one : records) {
            assertThat(new String(one.headers().lastHeader("content-type").value(), StandardCharsets.UTF_8))
                    .isEqualTo(RelayedBytes.CONTENT_TYPE);
            RelayedBytes.Content content = RelayedBytes.read(TopicFixture.INSTALLATION, one.value());
            long id = ((RelayedBytes.Content.Samples) content).batch().seriesId(0);
            assertThat(store.store().partition(id)).isEqualTo(one.partition());
        }
        Map<SeriesKey, Samples> once;
        try (SampleConsumer _ = fixture.consumerOfAll(store)) {
            await(() -> fixture.counted("telltale.kafka.records", "format", "batch") == 1_000);
            once = all(12);
            assertThat(store.samples(key("i-7")).value(250)).isEqualTo(250.07);
        }
        assertThat(fixture.counted("telltale.samples", "outcome", "accepted")).isEqualTo(12 * 251);

        kafka.forget(fixture.properties.group());
        try (TopicFixture other = new TopicFixture(kafka, names)) {
            try (SampleConsumer _ = other.consumerOfAll(store)) {
                await(() -> other.counted("telltale.kafka.records", "format", "batch") == 1_000);
            }
            assertThat(other.counted("telltale.samples", "outcome", "accepted")).isZero();
            assertThat(other.counted("telltale.samples", "outcome", "unchanged"))
                    .isEqualTo(12 * 250);
        }
        assertThat(all(12)).isEqualTo(once);
        assertThat(kafka.count(names.deadLetters())).isZero();
    }

    private Map<SeriesKey, Samples> all(int count) {
        Map<SeriesKey, Samples> all = new HashMap<>();
        for (int i = 0; i < count; i++) {
            all.put(key("i-" + i), store.samples(key("i-" + i)));
        }
        return all;
    }

    @Test
    void eachRecordThatCannotBeStoredBecomesADeadLetterAndTheNextGoesOn() throws Exception {
        Map<ProducerRecord<byte[], byte[]>, String> poison = new LinkedHashMap<>();
        poison.put(Kafka.record(names.samples(), 1, JSON, null), "empty");
        poison.put(Kafka.record(names.samples(), 1, JSON, new byte[0]), "empty");
        poison.put(Kafka.record(names.samples(), 1, JSON, new byte[10 << 20]), "too-large");
        poison.put(record(1, "text/csv", "timestamp,value"), "unknown-type");
        poison.put(record(1, JSON, "{\"samples\":"), "malformed");
        poison.put(record(1, JSON, "{\"samples\":[]}"), "malformed");
        poison.put(record(1, JSON, "[1]"), "malformed");
        poison.put(record(1, JSON, "{\"samples\":[{\"name\":\"cpu\",\"timestamp\":1,\"value\":\"x\"}]}"), "malformed");
        poison.put(record(1, JSON, "{\"samples\":[{\"name\":\"no name\",\"timestamp\":1,\"value\":1}]}"), "malformed");
        poison.put(
                record(1, JSON, "{\"samples\":[{\"name\":\"cpu\",\"timestamp\":1,\"value\":1,\"x\":1}]}"), "malformed");
        poison.put(record(1, null, "\u0000\u0001"), "malformed");
        poison.put(record(1, "application/x-protobuf", "no protobuf at all"), "malformed");
        poison.put(record(1, RelayedBytes.CONTENT_TYPE, "no batch at all"), "malformed");
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        int minute = 0;
        for (ProducerRecord<byte[], byte[]> one : poison.keySet()) {
            records.add(one);
            records.add(record(1, JSON, json("i-1", START + minute++ * MINUTE, 1)));
        }
        kafka.produce(records);

        int good = poison.size();
        try (SampleConsumer _ = fixture.consumerOfAll(store)) {
            await(() -> stored("i-1") == good);
        }

        List<ConsumerRecord<byte[], byte[]>> letters = kafka.read(names.deadLetters(), poison.size());
        assertThat(letters.stream().map(one -> header(one, "telltale-cause")))
                .containsExactlyElementsOf(poison.values());
        for (int i = 0; i < letters.size(); i++) {
            assertThat(header(letters.get(i), "telltale-topic")).isEqualTo(names.samples());
            assertThat(header(letters.get(i), "telltale-partition")).isEqualTo("1");
            assertThat(header(letters.get(i), "telltale-offset")).isEqualTo(Integer.toString(2 * i));
            assertThat(header(letters.get(i), "telltale-detail")).isNotBlank();
        }
        assertThat(letters.get(2).value()).as("too large for its topic").isNull();
        assertThat(header(letters.get(2), "telltale-bytes")).isEqualTo(Integer.toString(10 << 20));
        assertThat(letters.get(4).value()).isEqualTo("{\"samples\":".getBytes(StandardCharsets.UTF_8));
        assertThat(header(letters.get(4), "content-type")).isEqualTo(JSON);
        assertThat(header(letters.get(7), "telltale-detail")).contains("/samples/0/value");
        assertThat(fixture.counted("telltale.kafka.dead.letters", "cause", "malformed"))
                .isEqualTo(9);
        assertThat(kafka.noted(fixture.properties.group(), names.samples(), 1)).isEqualTo(2L * good);
    }

    private static String header(ConsumerRecord<byte[], byte[]> one, String name) {
        return new String(one.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    @Test
    void aTopicOfDeadLettersThatCannotBeWrittenLosesNothing() throws Exception {
        kafka.delete(names.deadLetters());
        kafka.produce(List.of(record(0, JSON, "bad"), record(0, JSON, json("i-1", START, 1))));
        try (SampleConsumer _ = fixture.consumerOfAll(store)) {
            await(() -> fixture.registry.get("telltale.kafka.lag").gauge().value() == 2);
            assertThat(stored("i-1")).isZero();
            assertThat(kafka.noted(fixture.properties.group(), names.samples(), 0))
                    .isEqualTo(-1);

            kafka.create(names.deadLetters(), 1, Map.of());
            await(() -> stored("i-1") == 1);
        }
        assertThat(header(kafka.read(names.deadLetters(), 1).getFirst(), "telltale-offset"))
                .isEqualTo("0");
    }

    @Test
    void whileTheDatabaseIsGoneNothingIsLost() throws Exception {
        int count = 300;
        try (SampleConsumer _ = fixture.consumerOfAll(store)) {
            kafka.produce(List.of(record(2, JSON, json("i-1", START, 0))));
            await(() -> stored("i-1") == 1);
            postgres.administer("ALTER ROLE telltale NOLOGIN");
            try {
                postgres.cutConnections();
                List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
                for (int minute = 1; minute < count; minute++) {
                    records.add(record(minute % 3, JSON, json("i-1", START + minute * MINUTE, minute)));
                }
                kafka.produce(records);
                await(() -> fixture.registry.get("telltale.kafka.lag").gauge().value() >= count - 1);
                Thread.sleep(3_000);
            } finally {
                postgres.administer("ALTER ROLE telltale LOGIN");
            }
            await(() -> countOnceItWorks() == count);
        }
        Samples samples = store.samples(key("i-1"));
        for (int minute = 0; minute < count; minute++) {
            assertThat(samples.time(minute)).isEqualTo(START + minute * MINUTE);
            assertThat(samples.value(minute)).isEqualTo(minute);
        }
        assertThat(kafka.count(names.deadLetters())).isZero();
        long noted = 0;
        for (int partition = 0; partition < 3; partition++) {
            noted += kafka.noted(fixture.properties.group(), names.samples(), partition);
        }
        assertThat(noted).isEqualTo(count);
    }

    private int countOnceItWorks() {
        try {
            return stored("i-1");
        } catch (RuntimeException notYet) {
            return -1;
        }
    }

    @Test
    void aPartitionThatIsGivenUpIsReadByItsNextOwnerFromWhereItStood() throws Exception {
        try (SampleConsumer first = fixture.consumer(store, 8 << 20);
                SampleConsumer second = fixture.consumer(store, 8 << 20)) {
            first.gained(0);
            first.gained(1);
            kafka.produce(
                    List.of(record(0, JSON, json("i-1", START, 1)), record(1, JSON, json("i-1", START + MINUTE, 1))));
            await(() -> stored("i-1") == 2);

            first.losing(1);
            assertThat(kafka.noted(fixture.properties.group(), names.samples(), 1))
                    .isEqualTo(1);
            kafka.produce(List.of(
                    record(1, JSON, json("i-1", START + 2 * MINUTE, 1)),
                    record(0, JSON, json("i-1", START + 3 * MINUTE, 1))));
            await(() -> stored("i-1") == 3);
            assertThat(store.samples(key("i-1")).time(2)).isEqualTo(START + 3 * MINUTE);

            second.gained(1);
            await(() -> stored("i-1") == 4);
            assertThat(fixture.counted("telltale.samples", "outcome", "unchanged"))
                    .isZero();
        }
    }

    @Test
    void samplesOfAPollThatAreTooManyForOneBatchAreStoredInSeveral() throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int minute = 0; minute < 50; minute++) {
            records.add(record(0, JSON, json("i-1", START + minute * MINUTE, minute)));
        }
        kafka.produce(records);
        try (SampleConsumer consumer = fixture.consumer(store, 200)) {
            consumer.gained(0);
            await(() -> stored("i-1") == 50);
        }
        assertThat(kafka.noted(fixture.properties.group(), names.samples(), 0)).isEqualTo(50);
    }

    @Test
    void jsonIsStoredAsItSays() throws Exception {
        kafka.produce(List.of(record(0, JSON, """
                {"samples":[
                  {"name":"cpu","labels":{"instance":"i-1","zone":"a"},"timestamp":%d,"value":1.5},
                  {"name":"up","timestamp":"2026-03-01T00:01:00Z","value":-2e3}]}
                """.formatted(START)), record(3, null, json("i-2", START, 7))));
        try (SampleConsumer _ = fixture.consumerOfAll(store)) {
            await(() -> stored("i-2") == 1
                    && !store.samples(new SeriesKey("up", Labels.NONE)).isEmpty());
        }
        SeriesKey cpu = new SeriesKey("cpu", Labels.of(Map.of("instance", "i-1", "zone", "a")));
        assertThat(store.samples(cpu)).isEqualTo(new Samples(new long[] {START}, new double[] {1.5}));
        assertThat(store.samples(new SeriesKey("up", Labels.NONE)))
                .isEqualTo(new Samples(new long[] {START + MINUTE}, new double[] {-2000}));
        assertThat(fixture.counted("telltale.kafka.samples")).isEqualTo(3);
    }

    @Test
    void exportsOfOpenTelemetryAreStoredAsOverHttp() throws Exception {
        kafka.produce(List.of(
                Kafka.record(names.samples(), 0, "application/x-protobuf", export(START, 5, 100)),
                Kafka.record(names.samples(), 0, "application/x-protobuf", export(START + MINUTE, 6, 220))));
        SeriesKey gauge = new SeriesKey("queue", Labels.of(Map.of("instance", "i-1")));
        SeriesKey rate = new SeriesKey("requests", Labels.of(Map.of("instance", "i-1")));
        try (SampleConsumer _ = fixture.consumerOfAll(store)) {
            await(() -> store.samples(gauge).count() == 2);
        }
        assertThat(store.samples(gauge))
                .isEqualTo(new Samples(new long[] {START, START + MINUTE}, new double[] {5, 6}));
        assertThat(store.samples(rate))
                .as("120 in a minute")
                .isEqualTo(new Samples(new long[] {START + MINUTE}, new double[] {2}));
        assertThat(fixture.counted("telltale.otlp.points", "outcome", "taken")).isEqualTo(3);
        assertThat(fixture.counted("telltale.otlp.points", "outcome", "first")).isEqualTo(1);
    }

    private static byte[] export(long time, double queue, long requests) {
        NumberDataPoint.Builder point = NumberDataPoint.newBuilder()
                .setStartTimeUnixNano(TimeUnit.MILLISECONDS.toNanos(START - MINUTE))
                .setTimeUnixNano(TimeUnit.MILLISECONDS.toNanos(time))
                .addAttributes(KeyValue.newBuilder()
                        .setKey("instance")
                        .setValue(AnyValue.newBuilder().setStringValueBytes(ByteString.copyFromUtf8("i-1"))));
        Metric gauge = Metric.newBuilder()
                .setName("queue")
                .setGauge(Gauge.newBuilder().addDataPoints(point.clone().setAsDouble(queue)))
                .build();
        Metric sum = Metric.newBuilder()
                .setName("requests")
                .setSum(Sum.newBuilder()
                        .setIsMonotonic(true)
                        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
                        .addDataPoints(point.clone().setAsInt(requests)))
                .build();
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .addScopeMetrics(
                                ScopeMetrics.newBuilder().addMetrics(gauge).addMetrics(sum)))
                .build()
                .toByteArray();
    }

    @Test
    void recordsThatTheTopicNoLongerHasAreCountedAndTheOthersRead() throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int minute = 0; minute < 10; minute++) {
            records.add(record(0, JSON, json("i-1", START + minute * MINUTE, minute)));
        }
        kafka.produce(records);
        try (SampleConsumer _ = fixture.consumerOfAll(store)) {
            await(() -> stored("i-1") == 10);
        }
        kafka.produce(records.stream()
                .map(one -> record(0, JSON, new String(one.value(), StandardCharsets.UTF_8).replace("i-1", "i-2")))
                .toList());
        kafka.removeBefore(names.samples(), 0, 14);
        try (SampleConsumer _ = fixture.consumerOfAll(store)) {
            await(() -> stored("i-2") == 6);
        }
        assertThat(fixture.counted("telltale.kafka.gone.records")).isEqualTo(4);
    }
}
