package dev.telltale.ingest.otlp;

import static dev.telltale.http.RawRequest.gzip;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import dev.telltale.ingest.Mutations;
import dev.telltale.ingest.RunningTelltale;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleGauge;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongUpDownCounter;
import io.opentelemetry.exporter.internal.otlp.metrics.MetricsRequestMarshaler;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.AggregationTemporalitySelector;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Metrics that the OpenTelemetry SDK exports to a running service, read back from its series.
class OtlpIT {

    private static final String PATH = "/v1/metrics";
    private static final String PROTOBUF = "Content-Type: application/x-protobuf";
    private static final String JSON = "Content-Type: application/json";
    private static final String LABELS =
            "otel_scope_name=\"checkout\",service_instance_id=\"i-1\",service_name=\"shop\"";
    private static final Duration STEP = Duration.ofSeconds(10);

    private final Instant origin = Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(1, ChronoUnit.HOURS);
    private final long firstTime = origin.toEpochMilli() + 10_000;
    private final long secondTime = origin.toEpochMilli() + 20_000;

    @TempDir
    Path directory;

    private RunningTelltale service;

    @BeforeEach
    void start() {
        service = new RunningTelltale(directory);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    /// Exports what the SDK collected as bytes, and keeps them.
    private final class PostingExporter implements MetricExporter {

        private final boolean json;
        private final AggregationTemporality temporality;
        private final List<byte[]> sent = new ArrayList<>();

        private PostingExporter(boolean json, AggregationTemporality temporality) {
            this.json = json;
            this.temporality = temporality;
        }

        @Override
        public CompletableResultCode export(Collection<MetricData> metrics) {
            sent.add(bytes(metrics, json));
            HttpResponse<byte[]> answer = service.post(PATH, sent.getLast(), json ? JSON : PROTOBUF);
            return answer.statusCode() == 200 && answer.body().length == (json ? 2 : 0)
                    ? CompletableResultCode.ofSuccess()
                    : CompletableResultCode.ofFailure();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public AggregationTemporality getAggregationTemporality(InstrumentType type) {
            return type == InstrumentType.UP_DOWN_COUNTER ? AggregationTemporality.CUMULATIVE : temporality;
        }
    }

    private static byte[] bytes(Collection<MetricData> metrics, boolean json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            MetricsRequestMarshaler export = MetricsRequestMarshaler.create(metrics);
            if (json) {
                export.writeJsonTo(bytes);
            } else {
                export.writeBinaryTo(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// Two exports, ten seconds after the start and ten seconds later.
    private void measure(MetricExporter exporter) {
        try (SdkMetrics sdk = new SdkMetrics(origin, exporter)) {
            DoubleGauge queue = sdk.meter().gaugeBuilder("queue.length").build();
            LongUpDownCounter open =
                    sdk.meter().upDownCounterBuilder("connections/open").build();
            LongCounter requests = sdk.meter().counterBuilder("requests").build();
            DoubleHistogram latency = sdk.meter().histogramBuilder("latency").build();
            DoubleHistogram size = sdk.meter().histogramBuilder("size").build();
            Attributes get = Attributes.of(AttributeKey.stringKey("http.method"), "GET");
            queue.set(3);
            open.add(5);
            requests.add(100, get);
            latency.record(9);
            size.record(1.5);
            assertThat(sdk.exportAfter(STEP).isSuccess()).isTrue();
            queue.set(7.25);
            open.add(-2);
            requests.add(60, get);
            for (double value : new double[] {0.5, 1.5, 1.5, 3}) {
                latency.record(value);
            }
            for (double value : new double[] {3, 3, 3, 3}) {
                size.record(value);
            }
            assertThat(sdk.exportAfter(STEP).isSuccess()).isTrue();
        }
    }

    /// What the second of both exports tells.
    ///
    /// The four latencies lie as 1, 2, 1, 0 in the buckets up to 1, 2, 4 and above. The median is the second of
    /// them: 1 below, so half through the 2 values of the bucket from 1 to 2. The quantile 0.9 is at 3.6: 0.6 of
    /// the way from 2 to 4. The sizes have buckets with powers of 2 as bounds: all four lie between 2 and 4, the
    /// median is at 2·2^0.5.
    private static SortedMap<String, Double> second() {
        SortedMap<String, Double> second = new TreeMap<>();
        second.put("queue.length{" + LABELS + "}", 7.25);
        second.put("connections_open{" + LABELS + "}", 3.0);
        second.put("requests{http_method=\"GET\"," + LABELS + "}", 6.0);
        second.put("latency_count{" + LABELS + "}", 0.4);
        second.put("latency_sum{" + LABELS + "}", 0.65);
        second.put("latency{" + quantile("0.5") + "}", 1.5);
        second.put("latency{" + quantile("0.9") + "}", 3.2);
        second.put("latency{" + quantile("0.99") + "}", 3.92);
        second.put("size_count{" + LABELS + "}", 0.4);
        second.put("size_sum{" + LABELS + "}", 1.2);
        return second;
    }

    private static String quantile(String quantile) {
        return LABELS.replace(",service_instance", ",quantile=\"" + quantile + "\",service_instance");
    }

    private void assertStored(SortedMap<String, Map<Long, Double>> stored) {
        second().forEach((series, value) -> {
            assertThat(stored).as(series).containsKey(series);
            assertThat(sample(stored, series, secondTime)).as(series).isCloseTo(value, Offset.offset(1e-12));
        });
        assertThat(stored.get("queue.length{" + LABELS + "}")).containsEntry(firstTime, 3.0);
        assertThat(stored.get("connections_open{" + LABELS + "}")).containsEntry(firstTime, 5.0);
    }

    @Test
    void whatTheExporterOfTheSdkSendsIsStored() {
        measure(OtlpHttpMetricExporter.builder()
                .setEndpoint(service.at(PATH).toString())
                .setCompression("gzip")
                .build());
        SortedMap<String, Map<Long, Double>> stored = service.stored();
        assertStored(stored);
        // The first point of what counts up tells nothing, so nothing stands at its time.
        assertThat(stored.get("requests{http_method=\"GET\"," + LABELS + "}")).containsOnlyKeys(secondTime);
        assertThat(stored.get("latency_count{" + LABELS + "}")).containsOnlyKeys(secondTime);
        assertThat(sample(stored, "size{" + quantile("0.5") + "}", secondTime))
                .isCloseTo(2 * Math.sqrt(2), Offset.offset(1e-12));
    }

    @Test
    void jsonIsStoredAsProtobufIs() {
        measure(new PostingExporter(true, AggregationTemporality.CUMULATIVE));
        assertStored(service.stored());
    }

    @Test
    void deltasAreRatesOverTheirOwnIntervalsFromTheFirstOn() {
        measure(OtlpHttpMetricExporter.builder()
                .setEndpoint(service.at(PATH).toString())
                .setAggregationTemporalitySelector(AggregationTemporalitySelector.deltaPreferred())
                .build());
        SortedMap<String, Map<Long, Double>> stored = service.stored();
        assertStored(stored);
        assertThat(stored.get("requests{http_method=\"GET\"," + LABELS + "}"))
                .isEqualTo(Map.of(firstTime, 10.0, secondTime, 6.0));
        // One value of 9, the smallest and the largest: the bucket above 4 ends there.
        assertThat(sample(stored, "latency{" + quantile("0.5") + "}", firstTime))
                .isEqualTo(6.5);
        // All four values are 3, also as smallest and largest of their interval.
        assertThat(sample(stored, "size{" + quantile("0.5") + "}", secondTime)).isEqualTo(3.0);
    }

    @Test
    void theSameExportAgainChangesNothing() {
        PostingExporter exporter = new PostingExporter(false, AggregationTemporality.CUMULATIVE);
        measure(exporter); // the SDK exports a third time when it ends
        SortedMap<String, Map<Long, Double>> once = service.stored();
        for (int i = 0; i < 3; i++) {
            HttpResponse<byte[]> answer = service.post(PATH, exporter.sent.get(i % 2), PROTOBUF);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEmpty();
        }
        assertThat(service.stored()).isEqualTo(once);
    }

    @Test
    void pointsThatCannotBeStoredAreCountedInTheAnswerAndTheOthersAreStored() throws IOException {
        String points =
                "{\"timeUnixNano\":\"%s000000\",\"asDouble\":1},{\"timeUnixNano\":\"%<s000000\"}".formatted(firstTime);
        String body = export("{\"name\":\"good\",\"gauge\":{\"dataPoints\":[" + points + "]}},"
                + "{\"name\":\"old\",\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":\"1\",\"asInt\":\"5\"}]}},"
                + "{\"name\":\"\",\"gauge\":{\"dataPoints\":[{\"timeUnixNano\":\"1\",\"asInt\":\"5\"}]}}");
        HttpResponse<byte[]> json = service.post(PATH, utf8(body), JSON);
        assertThat(json.statusCode()).isEqualTo(200);
        assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(service.node(json.body())
                        .at("/partialSuccess/rejectedDataPoints")
                        .asString())
                .isEqualTo("3");
        assertThat(service.node(json.body()).at("/partialSuccess/errorMessage").asString())
                .contains("a point has no value (1×)")
                .contains("is older than")
                .contains("'' is not a series name");
        assertThat(service.stored()).isEqualTo(Map.of("good", Map.of(firstTime, 1.0)));

        ExportMetricsServiceRequest.Builder same = ExportMetricsServiceRequest.newBuilder();
        JsonFormat.parser().merge(body, same);
        HttpResponse<byte[]> protobuf = service.post(PATH, same.build().toByteArray(), PROTOBUF);
        assertThat(protobuf.headers().firstValue("Content-Type")).contains("application/x-protobuf");
        assertThat(ExportMetricsServiceResponse.parseFrom(protobuf.body())
                        .getPartialSuccess()
                        .getRejectedDataPoints())
                .isEqualTo(3);
    }

    @Test
    void failuresAreAStatusInTheEncodingOfTheRequest() throws IOException {
        HttpResponse<byte[]> json = service.post(PATH, utf8("{\"resourceMetrics\":7}"), JSON);
        assertThat(json.statusCode()).isEqualTo(400);
        assertThat(json.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(service.node(json.body()).get("code").asInt()).isEqualTo(3);
        assertThat(service.node(json.body()).get("message").asString()).contains("not an export of metrics");

        HttpResponse<byte[]> protobuf = service.post(PATH, new byte[] {10, 100, 1}, PROTOBUF);
        assertThat(protobuf.statusCode()).isEqualTo(400);
        assertThat(protobuf.headers().firstValue("Content-Type")).contains("application/x-protobuf");
        assertThat(Arrays.copyOf(protobuf.body(), 3)).startsWith(8, 3, 18); // field 1 is 3, then field 2
        assertThat(new String(protobuf.body(), StandardCharsets.UTF_8)).contains("not an export of metrics");
    }

    @Test
    void otherTypesAndCodingsAre415AndTooLargeBodies413() {
        HttpResponse<byte[]> text = service.post(PATH, utf8("a"), "Content-Type: text/plain");
        assertThat(text.statusCode()).isEqualTo(415);
        assertThat(text.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(service.post(PATH, new byte[0]).statusCode()).isEqualTo(415);
        HttpResponse<byte[]> deflate = service.post(PATH, new byte[0], PROTOBUF, "Content-Encoding: deflate");
        assertThat(deflate.statusCode()).isEqualTo(415);
        assertThat(deflate.headers().firstValue("Content-Type")).contains("application/x-protobuf");
        byte[] bomb = gzip(new byte[300 << 20]);
        HttpResponse<byte[]> bombed = service.post(PATH, bomb, PROTOBUF, "Content-Encoding: gzip");
        assertThat(bombed.statusCode()).isEqualTo(413);
        assertThat(bombed.headers().firstValue("Content-Type")).contains("application/x-protobuf");
        // 32 MiB of empty resources would be 16 million objects.
        byte[] resources = new byte[32 << 20];
        for (int i = 0; i < resources.length; i += 2) {
            resources[i] = 10;
        }
        assertThat(service.post(PATH, resources, PROTOBUF).statusCode()).isEqualTo(413);
        byte[] lists = new byte[24 << 20];
        Arrays.fill(lists, (byte) '[');
        assertThat(service.post(PATH, lists, JSON).statusCode()).isEqualTo(400);
    }

    @Test
    void noMutationOfAnExportIsAFailureOfTheService() {
        PostingExporter exporter = new PostingExporter(false, AggregationTemporality.CUMULATIVE);
        measure(exporter);
        PostingExporter asJson = new PostingExporter(true, AggregationTemporality.CUMULATIVE);
        measure(asJson);
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            boolean json = i % 2 == 1;
            byte[] mutated = Mutations.of(json ? asJson.sent.get(1) : exporter.sent.get(1), random);
            int status = service.post(PATH, mutated, json ? JSON : PROTOBUF).statusCode();
            assertThat(status).as("mutation %d", i).isIn(200, 400);
            refused += status == 400 ? 1 : 0;
        }
        assertThat(refused).isBetween(100, 999);
        assertThat(service.post(PATH, exporter.sent.get(1), PROTOBUF).statusCode())
                .isEqualTo(200);
    }

    private static Double sample(SortedMap<String, Map<Long, Double>> stored, String series, long time) {
        return Objects.requireNonNull(
                Objects.requireNonNull(stored.get(series), series).get(time), series);
    }

    private static String export(String metrics) {
        return "{\"resourceMetrics\":[{\"scopeMetrics\":[{\"metrics\":[" + metrics + "]}]}]}";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
