package dev.telltale.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.ingest.remotewrite.Receiver.Answer;
import dev.telltale.wire.prometheus.v1.WriteRequest;
import dev.telltale.wire.prometheus.v2.BucketSpan;
import dev.telltale.wire.prometheus.v2.Histogram;
import dev.telltale.wire.prometheus.v2.Metadata.MetricType;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The cases of the public compliance suite for receivers of remote write, with what was stored read back. A
/// receiver may refuse what it does not support with 400 and exact headers; here these are native histograms,
/// exemplars and names outside of the classic character set.
///
/// @see <a href="https://github.com/prometheus/compliance/tree/main/remotewrite/receiver">The suite</a>
class RemoteWriteComplianceIT {

    private static final double[] VALUES = {
        1.0,
        Double.longBitsToDouble(0x7ff0000000000002L),
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY
    };
    private static final long HOUR = 3_600_000;

    @TempDir
    static Path directory;

    private static Receiver receiver;
    private static long latest = System.currentTimeMillis() - 1000;

    private long now;
    private SentV2 sent = new SentV2();

    @BeforeAll
    static void start() {
        receiver = new Receiver(directory);
    }

    @AfterAll
    static void stop() {
        receiver.close();
    }

    /// Each test has a time of its own, so that none meets another's samples.
    @BeforeEach
    void begin() {
        next();
    }

    // what is no remote write

    @Test
    void refusesOtherContentTypes() {
        for (String type : new String[] {"application/json", "image/png"}) {
            assertThat(receiver.write(corrupt(), type, "snappy").status()).isEqualTo(415);
        }
        assertNothingAt("up");
    }

    @Test
    void refusesOtherContentEncodings() {
        for (String coding : new String[] {"gzip", "deflate"}) {
            assertThat(receiver.write(corrupt(), Receiver.V2, coding).status()).isEqualTo(415);
        }
        assertNothingAt("up");
    }

    @Test
    void refusesACorruptBody() {
        Answer answer = receiver.write(corrupt(), Receiver.V2, "snappy");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.samples()).isZero();
        assertNothingAt("up");
    }

    // samples

    @Test
    void takesASampleOfEachValue() {
        for (double value : VALUES) {
            for (String[] labels : new String[][] {
                {"__name__", "up"},
                {"__name__", "up", "instance", "localhost:9090", "job", "testjob"},
                {"__name__", "resource.cpu.usage", "job", "testjob"}
            }) {
                assertAllWritten(sent.series(labels).sample(now, value), 1, 0, 0);
                assertStored(selector(labels), value);
                next();
            }
            for (String[] labels : new String[][] {
                {"instance", "localhost:9090", "job", "testjob"},
                {},
                {"__name__", "up", "job", "test\njob\n"},
                {"__name__", "resource cpu usage", "job name", "testjob"},
                {"__name__", "resource.cpu.usage", "job.name", "testjob"}
            }) {
                assertRefused(sent.series(labels).sample(now, value), 0);
                next();
            }
        }
    }

    @Test
    void takesACounterThatSaysWhenItBegan() {
        assertAllWritten(
                sent.series("__name__", "http_requests_total", "job", "api").counted(now, 100, now - HOUR), 1, 0, 0);
        assertStored("http_requests_total{job=\"api\",method=\"\"}", 100);
    }

    @Test
    void takesSeveralSeriesAndRefusesOnlyThoseWithoutAName() {
        for (double value : VALUES) {
            for (int nameless : new int[] {0, 4, 1}) {
                for (int i = 0; i < 4; i++) {
                    String[] labels = i < nameless
                            ? new String[] {"instance", "localhost:909" + i, "job", "testjob"}
                            : new String[] {"__name__", "several", "instance", "localhost:909" + i, "job", "testjob"};
                    sent.series(labels).sample(now, value);
                }
                if (nameless == 0) {
                    assertAllWritten(sent, 4, 0, 0);
                } else {
                    assertRefused(sent, 4 - nameless);
                }
                for (int i = nameless; i < 4; i++) {
                    assertStored("several{instance=\"localhost:909" + i + "\"}", value);
                }
                next();
            }
        }
    }

    // metadata

    @Test
    void takesMetadataOfEachType() {
        for (MetricType type : MetricType.values()) {
            if (type == MetricType.UNRECOGNIZED || type == MetricType.METRIC_TYPE_HISTOGRAM) {
                continue;
            }
            assertAllWritten(
                    sent.series("__name__", "described")
                            .sample(now, 1)
                            .metadata(type, "Help with\nnewlines and \"quotes\"", "bytes/sec"),
                    1,
                    0,
                    0);
            assertStored("described", 1);
            next();
        }
        assertRefused(
                sent.series("__name__", "request_duration_seconds")
                        .histogram(histogram(true, true, true))
                        .metadata(MetricType.METRIC_TYPE_HISTOGRAM, "Request duration", "seconds"),
                0);
    }

    @Test
    void takesMetadataOfACounterThatSaysWhenItBegan() {
        assertAllWritten(
                sent.series("__name__", "http_requests_total", "job", "api")
                        .counted(now, 150, now - HOUR)
                        .metadata(MetricType.METRIC_TYPE_COUNTER, "Total HTTP requests", "requests"),
                1,
                0,
                0);
        assertStored("http_requests_total{job=\"api\",method=\"\"}", 150);
    }

    @Test
    void takesMetadataBesideSamples() {
        assertAllWritten(
                sent.series("__name__", "http_requests_total", "job", "test")
                        .sample(now, 42)
                        .metadata(MetricType.METRIC_TYPE_COUNTER, "Total HTTP requests", "requests"),
                1,
                0,
                0);
        assertStored("http_requests_total{job=\"test\"}", 42);
    }

    @Test
    void takesMetadataOfSeveralSeries() {
        sent.series("__name__", "cpu_usage").sample(now, 85.5);
        sent.metadata(MetricType.METRIC_TYPE_GAUGE, "CPU usage", "percent");
        sent.series("__name__", "memory_usage").sample(now, 4_096_000_000.0);
        sent.metadata(MetricType.METRIC_TYPE_GAUGE, "Memory usage", "bytes");
        sent.series("__name__", "disk_usage", "device", "sda1").sample(now, 75.2);
        sent.metadata(MetricType.METRIC_TYPE_GAUGE, "Disk usage", "percent");

        assertAllWritten(sent, 3, 0, 0);

        assertStored("cpu_usage{instance=\"\"}", 85.5);
        assertStored("memory_usage{instance=\"\"}", 4_096_000_000.0);
        assertStored("disk_usage{device=\"sda1\"}", 75.2);
    }

    @Test
    void refusesAHistogramWithMetadataAndManyLabels() {
        assertRefused(
                sent.series(
                                "__name__", "http_request_duration_seconds",
                                "endpoint", "/api/v1/users",
                                "instance", "localhost:8080",
                                "job", "api-server",
                                "method", "GET",
                                "status", "200")
                        .histogram(histogram(true, true, true))
                        .metadata(MetricType.METRIC_TYPE_HISTOGRAM, "HTTP request duration", "seconds"),
                0);
        assertNoSeries("http_request_duration_seconds{job=\"api-server\"}");
    }

    @Test
    void refusesMetadataOfASeriesWithoutAName() {
        assertRefused(
                sent.series("job", "test").sample(now, 1).metadata(MetricType.METRIC_TYPE_COUNTER, "Help", "unit"), 0);
        next();
        assertRefused(
                sent.series("__name__", "").sample(now, 1).metadata(MetricType.METRIC_TYPE_GAUGE, "Help", "unit"), 0);
        next();
        assertAllWritten(
                sent.series("__name__", "valid_metric_name")
                        .sample(now, 1)
                        .metadata(MetricType.METRIC_TYPE_COUNTER, "Help", "unit"),
                1,
                0,
                0);
        assertStored("valid_metric_name", 1);
    }

    // exemplars: the samples are written, and the answer says that the exemplars are not

    @Test
    void writesTheSampleBesideAnExemplarOfAnyLabels() {
        for (String[] labels : new String[][] {
            {"trace_id", "abc123def456"},
            {"span_id", "span123", "trace_id", "xyz789"},
            {"user_id", "user123"},
            {"endpoint", "/login", "trace_id", "trace456", "user", "admin"},
            {},
            {"trace_id", "trace-with-dashes_and_underscores.123"},
            {"trace_id", "unicode_trace_测试"}
        }) {
            assertRefused(
                    sent.series("__name__", "unicode_test", "region", "🌍")
                            .sample(now, 1)
                            .exemplar(now, 1, labels),
                    1);
            assertStored("unicode_test{region=\"🌍\"}", 1);
            next();
        }
    }

    @Test
    void writesTheSampleOfACounterThatBeganBesideAnExemplar() {
        assertRefused(
                sent.series("__name__", "http_requests_total", "job", "api")
                        .counted(now, 250, now - 2 * HOUR)
                        .exemplar(now, 250, "span_id", "span456", "trace_id", "abc123"),
                1);
        assertStored("http_requests_total{job=\"api\",method=\"\"}", 250);
    }

    @Test
    void writesTheSamplesBesideSeveralExemplars() {
        sent.series("__name__", "request_duration", "method", "GET").sample(now, 0.1);
        sent.exemplar(now, 0.1, "trace_id", "trace1");
        sent.series("__name__", "request_duration", "method", "POST").sample(now, 0.25);
        sent.exemplar(now, 0.25, "trace_id", "trace2");
        sent.series("__name__", "error_count", "service", "payment").sample(now, 1);
        sent.exemplar(now, 1, "trace_id", "trace3");

        assertRefused(sent, 3);

        assertStored("request_duration{method=\"GET\"}", 0.1);
        assertStored("request_duration{method=\"POST\"}", 0.25);
        assertStored("error_count{service=\"payment\"}", 1);
    }

    @Test
    void writesTheSamplesBesideExemplarsOfOtherTimes() {
        for (long before : new long[] {HOUR, 60_000, 0}) {
            sent.series("__name__", "latency").sample(now - before, 0.05 + before);
            sent.exemplar(now - before, 0.05, "trace_id", "trace");
        }

        assertRefused(sent, 3);

        assertThat(receiver.samples("latency"))
                .containsEntry(now, 0.05)
                .containsEntry(now - 60_000, 60_000.05)
                .containsEntry(now - HOUR, 3_600_000.05);
    }

    @Test
    void refusesAnExemplarOfASeriesWithoutAName() {
        assertRefused(sent.series("job", "test").sample(now, 1).exemplar(now, 1, "trace_id", "t"), 0);
        next();
        assertRefused(sent.series("__name__", "").sample(now, 1).exemplar(now, 1, "trace_id", "t"), 0);
        next();
        assertRefused(sent.series("__name__", "valid_metric").sample(now, 1).exemplar(now, 1, "trace_id", "t"), 1);
        assertStored("valid_metric", 1);
    }

    @Test
    void writesTheSampleBesideAnExemplarOfAnyValue() {
        for (double value :
                new double[] {0, -123.456, 1e10, 1e-10, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY
                }) {
            assertRefused(
                    sent.series("__name__", "special").sample(now, value).exemplar(now, value, "trace_id", "t"), 1);
            assertStored("special", value);
            next();
        }
    }

    // native histograms: none is written, and the answer says so

    @Test
    void refusesHistogramsOfAnyShape() {
        Histogram customBuckets = histogram(true, false, false).toBuilder()
                .setSchema(-53)
                .addCustomValues(0.1)
                .addCustomValues(0.5)
                .build();
        Histogram badCount =
                histogram(true, false, false).toBuilder().setCountInt(99).build();
        for (Histogram histogram : new Histogram[] {
            histogram(true, true, true),
            customBuckets,
            histogram(true, false, true),
            histogram(false, true, false),
            histogram(false, false, true),
            badCount
        }) {
            assertRefused(sent.series("__name__", "test_histogram").histogram(histogram), 0);
            next();
        }
        assertNoSeries("test_histogram");
    }

    @Test
    void refusesAHistogramThatSaysWhenItBegan() {
        Histogram begun = histogram(true, true, true).toBuilder()
                .setStartTimestamp(now - HOUR / 2)
                .build();

        assertRefused(sent.series("__name__", "begun_histogram", "job", "api").histogram(begun), 0);
        assertNoSeries("begun_histogram");
    }

    @Test
    void refusesSeveralHistograms() {
        sent.series("__name__", "hist1", "job", "test").histogram(histogram(true, false, true));
        sent.series("__name__", "hist2", "job", "test").histogram(histogram(false, true, false));

        assertRefused(sent, 0);

        assertNoSeries("{job=\"test\",__name__=~\"hist.\"}");
    }

    @Test
    void refusesAnEmptyHistogram() {
        assertRefused(sent.series("__name__", "empty_hist").histogram(histogram(false, false, false)), 0);
        assertNoSeries("empty_hist");
    }

    @Test
    void refusesAHistogramWithMetadata() {
        assertRefused(
                sent.series("__name__", "histogram_metadata", "job", "api")
                        .histogram(histogram(true, true, true))
                        .metadata(MetricType.METRIC_TYPE_HISTOGRAM, "Duration", "seconds"),
                0);
        assertNoSeries("histogram_metadata");
    }

    @Test
    void refusesAHistogramWithAnExemplar() {
        assertRefused(
                sent.series("__name__", "histogram_exemplar", "method", "GET")
                        .histogram(histogram(true, false, true))
                        .exemplar(now, 1.23, "trace_id", "abc"),
                0);
        assertNoSeries("histogram_exemplar");
    }

    @Test
    void refusesAHistogramWithMetadataAndAnExemplar() {
        assertRefused(
                sent.series("__name__", "histogram_both", "service", "upload")
                        .histogram(histogram(true, true, true))
                        .metadata(MetricType.METRIC_TYPE_HISTOGRAM, "Size", "bytes")
                        .exemplar(now, 10_485_760, "trace_id", "large"),
                0);
        assertNoSeries("histogram_both");
    }

    @Test
    void refusesSeveralHistogramsWithMetadata() {
        sent.series("__name__", "cpu_usage_histogram").histogram(histogram(true, false, true));
        sent.metadata(MetricType.METRIC_TYPE_HISTOGRAM, "CPU", "ratio");
        sent.series("__name__", "memory_usage_histogram").histogram(histogram(true, true, false));
        sent.metadata(MetricType.METRIC_TYPE_HISTOGRAM, "Memory", "bytes");

        assertRefused(sent, 0);

        assertNoSeries("{__name__=~\".*_usage_histogram\"}");
    }

    // all together

    @Test
    void writesSamplesBesideMetadataAndExemplars() {
        assertRefused(
                sent.series("__name__", "http_requests_total", "job", "api", "method", "POST")
                        .sample(now, 1)
                        .metadata(MetricType.METRIC_TYPE_COUNTER, "Total", "requests")
                        .exemplar(now, 1, "trace_id", "trace", "user_id", "user789"),
                1);
        assertStored("http_requests_total{method=\"POST\"}", 1);
    }

    @Test
    void refusesHistogramsBesideMetadataAndExemplars() {
        assertRefused(
                sent.series("__name__", "combined_histogram", "service", "auth")
                        .histogram(histogram(true, true, true))
                        .metadata(MetricType.METRIC_TYPE_HISTOGRAM, "Duration", "seconds")
                        .exemplar(now, 0.456, "trace_id", "slow"),
                0);
        assertNoSeries("combined_histogram");
    }

    @Test
    void writesTheSamplesOfAComplexRequest() {
        sent.series("__name__", "cpu_usage", "instance", "server1").sample(now, 0.85);
        sent.metadata(MetricType.METRIC_TYPE_GAUGE, "CPU usage ratio", "ratio");
        sent.exemplar(now, 0.85, "process", "worker", "trace_id", "high_cpu");
        sent.series("__name__", "memory_usage", "instance", "server1").sample(now, 8_589_934_592.0);
        sent.metadata(MetricType.METRIC_TYPE_GAUGE, "Memory usage", "bytes");

        assertRefused(sent, 2);

        assertStored("cpu_usage{instance=\"server1\"}", 0.85);
        assertStored("memory_usage{instance=\"server1\"}", 8_589_934_592.0);
    }

    @Test
    void refusesTheHistogramsOfAComplexRequest() {
        sent.series("__name__", "complex_response_time", "endpoint", "/api").histogram(histogram(true, false, true));
        sent.metadata(MetricType.METRIC_TYPE_HISTOGRAM, "Response time", "seconds");
        sent.exemplar(now, 0.125, "trace_id", "fast", "user", "premium");
        sent.series("__name__", "complex_request_size", "method", "POST").histogram(histogram(false, true, true));
        sent.metadata(MetricType.METRIC_TYPE_HISTOGRAM, "Request size", "bytes");

        assertRefused(sent, 0);

        assertNoSeries("{__name__=~\"complex_.*\"}");
    }

    @Test
    void writesTheSamplesOfSeveralFamilies() {
        sent.series("__name__", "http_requests_total", "status", "200").sample(now, 1000);
        sent.metadata(MetricType.METRIC_TYPE_COUNTER, "Total", "requests");
        sent.exemplar(now, 1000, "trace_id", "ok");
        sent.series("__name__", "temperature_celsius", "location", "datacenter1")
                .sample(now, 23.5);
        sent.metadata(MetricType.METRIC_TYPE_GAUGE, "Temperature", "celsius");

        assertRefused(sent, 2);

        assertStored("http_requests_total{status=\"200\"}", 1000);
        assertStored("temperature_celsius{location=\"datacenter1\"}", 23.5);
    }

    @Test
    void refusesTheHistogramsOfAFamily() {
        assertRefused(
                sent.series("__name__", "family_histogram", "handler", "/metrics")
                        .histogram(histogram(true, false, true))
                        .metadata(MetricType.METRIC_TYPE_HISTOGRAM, "Duration", "seconds")
                        .exemplar(now, 0.003, "scraper", "prometheus", "trace_id", "scrape"),
                0);
        assertNoSeries("family_histogram");
    }

    @Test
    void takesMetadataAloneRefusesExemplarsAloneAndWritesMixedTimes() {
        assertAllWritten(
                sent.series("__name__", "orphan_metric").metadata(MetricType.METRIC_TYPE_COUNTER, "Orphaned", "count"),
                0,
                0,
                0);
        next();
        assertRefused(sent.series("__name__", "orphan_metric").exemplar(now, 42, "trace_id", "orphan"), 0);
        assertNoSeries("orphan_metric");
        next();
        sent.series("__name__", "old_metric").sample(now - HOUR, 1);
        sent.exemplar(now - HOUR / 2, 1, "trace_id", "old");
        sent.series("__name__", "new_metric").sample(now, 2);
        assertRefused(sent, 2);
        assertThat(receiver.samples("old_metric")).isEqualTo(Map.of(now - HOUR, 1.0));
        assertStored("new_metric", 2);
    }

    @Test
    void writesManySamples() {
        for (int i = 0; i < 50; i++) {
            sent.series("__name__", "counter_metric_" + i, "series", "series_" + i)
                    .sample(now, i * 100);
            sent.metadata(MetricType.METRIC_TYPE_COUNTER, "Counter number " + i, "count");
            sent.exemplar(now, i * 100, "trace_id", "trace_" + i);
        }

        assertRefused(sent, 50);

        for (int i = 0; i < 50; i++) {
            assertStored("counter_metric_" + i, i * 100);
        }
    }

    @Test
    void refusesManyHistograms() {
        for (int i = 0; i < 50; i++) {
            sent.series("__name__", "histogram_metric_" + i, "bucket", "bucket_" + i);
            sent.histogram(histogram(true, i % 2 == 0, true));
            sent.metadata(MetricType.METRIC_TYPE_HISTOGRAM, "Histogram number " + i, "seconds");
            sent.exemplar(now, i / 10.0, "trace_id", "trace_" + i);
        }

        assertRefused(sent, 0);

        assertNoSeries("{__name__=~\"histogram_metric_.*\"}");
    }

    @Test
    void writesSpecialCharacters() {
        assertRefused(
                sent.series(
                                "__name__", "test_metric",
                                "environment", "test🚀",
                                "instance", "localhost:9090",
                                "job", "test-job_with.special@chars")
                        .sample(now, 42)
                        .metadata(MetricType.METRIC_TYPE_GAUGE, "äöü, newlines\nand \"quotes\"", "special/units")
                        .exemplar(now, 42, "span_id", "span_with.dots-and", "trace_id", "special_äöü-123"),
                1);
        assertStored("test_metric{environment=\"test🚀\",job=\"test-job_with.special@chars\"}", 42);
    }

    @Test
    void refusesAHistogramOfCustomBucketsWithAnExemplar() {
        Histogram custom = histogram(true, false, false).toBuilder()
                .setSchema(-53)
                .addCustomValues(0.1)
                .build();

        assertRefused(
                sent.series("__name__", "custom_latency_hist", "version", "v2")
                        .histogram(custom)
                        .exemplar(now, 0.05, "bucket", "0.1", "trace_id", "custom"),
                0);
        assertNoSeries("custom_latency_hist");
    }

    // remote write 1.0

    @Test
    void takesVersionOne() {
        Answer answer = receiver.writeV1(WriteRequest.newBuilder()
                .addTimeseries(SentV1.series("__name__", "up", "instance", "localhost:9090", "job", "rw1")
                        .addSamples(SentV1.sample(now, 1)))
                .addTimeseries(SentV1.series("__name__", "rw1_requests_total").addSamples(SentV1.sample(now, 100)))
                .build());

        assertThat(answer).isEqualTo(new Answer(204, 2, 0, 0, "", ""));
        assertStored("up{job=\"rw1\"}", 1);
        assertStored("rw1_requests_total", 100);
    }

    @Test
    void refusesACorruptBodyOfVersionOne() {
        byte[] body =
                Receiver.snappy(SentV1.request(now, 1, "__name__", "error_test").toByteArray());
        body[0] = (byte) 0xff;

        Answer answer = receiver.write(body, Receiver.V1, "snappy");

        assertThat(answer.status()).isBetween(400, 413);
        assertThat(answer.samples()).isZero();
        assertNoSeries("error_test");
    }

    private void next() {
        now = latest++;
        sent = new SentV2();
    }

    private void assertAllWritten(SentV2 request, long samples, long histograms, long exemplars) {
        assertThat(receiver.writeV2(request.request()))
                .isEqualTo(new Answer(204, samples, histograms, exemplars, "", ""));
    }

    private void assertRefused(SentV2 request, long written) {
        Answer answer = receiver.writeV2(request.request());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.samples()).isEqualTo(written);
        assertThat(answer.histograms()).isZero();
        assertThat(answer.exemplars()).isZero();
        assertThat(answer.body()).contains("\"detail\":");
    }

    /// A value that is none is taken and not stored.
    private void assertStored(String selector, double value) {
        Map<Long, Double> samples = receiver.samples(selector);
        if (Double.isFinite(value)) {
            assertThat(samples).containsEntry(now, value);
        } else {
            assertThat(samples).doesNotContainKey(now);
        }
    }

    private void assertNothingAt(String selector) {
        assertThat(receiver.samples(selector + "{job=\"\"}")).doesNotContainKey(now);
    }

    private static void assertNoSeries(String selector) {
        assertThat(receiver.seriesCount(selector)).isZero();
    }

    private static String selector(String... labels) {
        String job = labels.length > 2 ? "testjob" : "";
        return labels[1] + "{job=\"" + job + "\"}";
    }

    private byte[] corrupt() {
        byte[] body = Receiver.snappy(
                sent.series("__name__", "up").sample(now, 1).request().toByteArray());
        body[0] = '0';
        return body;
    }

    private static Histogram histogram(boolean positive, boolean negative, boolean zero) {
        Histogram.Builder histogram = Histogram.newBuilder().setSum(1).setTimestamp(latest);
        long count = 0;
        if (positive) {
            histogram.addPositiveSpans(BucketSpan.newBuilder().setLength(2));
            histogram.addPositiveDeltas(1).addPositiveDeltas(2);
            count += 4;
        }
        if (negative) {
            histogram.addNegativeSpans(BucketSpan.newBuilder().setLength(2));
            histogram.addNegativeDeltas(1).addNegativeDeltas(1);
            count += 3;
        }
        if (zero) {
            histogram.setZeroCountInt(1);
            count++;
        }
        return histogram.setCountInt(count).build();
    }
}
