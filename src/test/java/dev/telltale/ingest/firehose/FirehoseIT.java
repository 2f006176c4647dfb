package dev.telltale.ingest.firehose;

import static dev.telltale.http.RawRequest.gzip;
import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.ingest.Mutations;
import dev.telltale.ingest.RunningTelltale;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Deliveries in the shapes of the documentation of Amazon Data Firehose, to a running service.
class FirehoseIT {

    private static final String PATH = "/api/v1/ingest/firehose";
    private static final String KEY = "correct-horse-battery";
    private static final String ID = "ed4acda5-034f-9f42-bba1-f29aea6d7d8f";
    private static final String LABELS =
            "{InstanceId=\"i-1234567890abcdef0\",account_id=\"123456789012\",namespace=\"AWS/EC2\",region=\"eu-west-1\"}";

    private final long minute = Instant.now()
            .truncatedTo(ChronoUnit.MINUTES)
            .minus(1, ChronoUnit.HOURS)
            .toEpochMilli();

    @TempDir
    Path directory;

    private RunningTelltale service;

    @BeforeEach
    void start() {
        service = new RunningTelltale(
                directory,
                "--telltale.ingest.firehose.access-key=" + KEY,
                "--server.tomcat.connection-timeout=2s"); // for a body that does not come
    }

    @AfterEach
    void stop() {
        service.close();
    }

    /// The statistics of the minute; the average is 24 / 4.
    private SortedMap<String, Map<Long, Double>> theMinute() {
        SortedMap<String, Map<Long, Double>> series = new TreeMap<>();
        series.put("CPUUtilization" + LABELS, Map.of(minute, 6.0));
        series.put("CPUUtilization_max" + LABELS, Map.of(minute, 14.0));
        series.put("CPUUtilization_min" + LABELS, Map.of(minute, 2.0));
        series.put("CPUUtilization_sum" + LABELS, Map.of(minute, 24.0));
        series.put("CPUUtilization_count" + LABELS, Map.of(minute, 4.0));
        series.put("CPUUtilization_p99" + LABELS, Map.of(minute, 13.9));
        series.put("CPUUtilization_p99.9" + LABELS, Map.of(minute, 13.99));
        return series;
    }

    @Test
    void jsonLinesBecomeASeriesForEachStatisticAndTheAverage() {
        assertDelivered(deliver(ID, MetricStream.json(minute)));
        assertThat(service.stored()).isEqualTo(theMinute());
    }

    @Test
    void openTelemetryBecomesTheSameSeries() {
        assertDelivered(deliver(ID, MetricStream.openTelemetry(minute)));
        assertThat(service.stored()).isEqualTo(theMinute());
    }

    @Test
    void bothFormatsOneAfterTheOtherAgree() {
        assertDelivered(deliver(ID, MetricStream.json(minute)));
        assertDelivered(deliver("another", MetricStream.openTelemetry(minute)));
        assertThat(service.stored()).isEqualTo(theMinute());
        assertThat(meter("samples", "outcome=\"unchanged\"")).isEqualTo(7);
        assertThat(meter("skipped_samples", "reason=\"conflict\"")).isZero();
    }

    @Test
    void recordsOfSeveralMetricsAndRequestsOfSeveralRecordsAreStoredWhole() {
        byte[] two = MetricStream.joined(MetricStream.json(minute), MetricStream.json(minute + 60_000));
        byte[] more = MetricStream.joined(
                MetricStream.openTelemetry(minute + 120_000), MetricStream.openTelemetry(minute + 180_000));
        byte[] body = gzip(MetricStream.request(ID, two, more));
        assertDelivered(post(body, ID, "X-Amz-Firehose-Access-Key: " + KEY, "Content-Encoding: gzip"));
        assertThat(service.stored().get("CPUUtilization" + LABELS))
                .isEqualTo(Map.of(minute, 6.0, minute + 60_000, 6.0, minute + 120_000, 6.0, minute + 180_000, 6.0));
    }

    @Test
    void aRequestThatIsSentAgainIsAnsweredAndNotLookedAt() {
        assertDelivered(deliver(ID, MetricStream.json(minute)));
        assertDelivered(post(new byte[] {1}, ID, "X-Amz-Firehose-Access-Key: " + KEY));
        assertThat(meter("firehose_deliveries", "outcome=\"repeated\"")).isEqualTo(1);
        assertThat(service.stored()).isEqualTo(theMinute());
    }

    @Test
    void commonAttributesOfTheStreamBecomeLabels() {
        String attributes = "X-Amz-Firehose-Common-Attributes: {\"commonAttributes\":{\"team.name\":\"shop\"}}";
        byte[] body = MetricStream.request(ID, MetricStream.json(minute));
        assertDelivered(post(body, ID, "X-Amz-Firehose-Access-Key: " + KEY, attributes));
        assertThat(service.stored()).containsKey("CPUUtilization" + LABELS.replace("\"}", "\",team_name=\"shop\"}"));
    }

    @Test
    void whoHasNotTheKeyIsDeniedInTheFormOfFirehose() {
        byte[] body = MetricStream.request(ID, MetricStream.json(minute));
        List<HttpResponse<byte[]>> denied = new ArrayList<>();
        denied.add(post(body, ID));
        for (String key : new String[] {"", KEY + "x", KEY.substring(1), "null"}) {
            denied.add(post(body, ID, "X-Amz-Firehose-Access-Key: " + key));
        }
        for (HttpResponse<byte[]> answer : denied) {
            assertFailed(answer, 401, "access-key");
            assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
        }
        assertThat(service.stored()).isEmpty();
    }

    @Test
    void withoutAKeyNothingIsTaken(@TempDir Path other) {
        byte[] body = MetricStream.request(ID, MetricStream.json(minute));
        try (RunningTelltale closed = new RunningTelltale(other)) {
            for (String key : new String[] {"", " ", KEY}) {
                HttpResponse<byte[]> answer = closed.post(
                        PATH,
                        body,
                        "Content-Type: application/json",
                        "X-Amz-Firehose-Request-Id: " + ID,
                        "X-Amz-Firehose-Access-Key: " + key);
                assertThat(answer.statusCode()).isEqualTo(401);
                assertThat(closed.node(answer.body()).get("errorMessage").asString())
                        .contains("is set");
            }
            assertThat(closed.stored()).isEmpty();
        }
    }

    @Test
    void everyFailureIsInTheFormOfFirehose() {
        String key = "X-Amz-Firehose-Access-Key: " + KEY;
        assertFailed(post(utf8("{"), ID, key), 400, "JSON");
        assertFailed(post(utf8("[]"), ID, key), 400, "a delivery is");
        assertFailed(post(utf8("{\"records\":[{\"data\":\"%%\"}]}"), ID, key), 400, "JSON");
        assertFailed(post(utf8("{\"records\":[]}{}"), ID, key), 400, "");
        assertFailed(post(new byte[0], ID, key), 400, "a delivery is");
        assertFailed(post(utf8("{}"), ID, key, "X-Amz-Firehose-Protocol-Version: 2.0"), 400, "1.0 is spoken");
        assertFailed(post(utf8("{}"), ID, key, "X-Amz-Firehose-Common-Attributes: {"), 400, "JSON");
        assertFailed(post(utf8("{}"), ID, key, "Content-Encoding: br"), 415, "gzip");
        // Only its head: a body that is announced as too large is not waited for.
        assertThat(service.raw("POST " + PATH + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                        + "X-Amz-Firehose-Request-Id: " + ID + "\r\nContent-Length: 34000000\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ")
                .contains("{\"requestId\":\"" + ID + "\",\"timestamp\":", "at most 33554432 are read here");
        assertFailed(post(gzip(new byte[300 << 20]), ID, key, "Content-Encoding: gzip"), 413, "");
        HttpResponse<byte[]> text =
                service.post(PATH, utf8("a"), "Content-Type: text/plain", "X-Amz-Firehose-Request-Id: " + ID, key);
        assertFailed(text, 415, "");
        HttpResponse<byte[]> got = service.send(HttpRequest.newBuilder(service.at(PATH))
                .header("X-Amz-Firehose-Request-Id", ID)
                .build());
        assertFailed(got, 405, "");
    }

    @Test
    void recordsThatCannotBeReadAreNamedAndTheOthersStored() {
        byte[] lines = MetricStream.joined(
                utf8("{\"metric_name\":\n"), MetricStream.json(minute), utf8("{\"namespace\":\"x\"}\n"));
        assertFailed(deliver(ID, lines, utf8("garbage")), 400, "1 metrics are stored, 3 parts cannot be read");
        assertThat(service.stored()).isEqualTo(theMinute());
        // Not remembered as delivered: sent again it fails again, so that Firehose keeps it in its bucket.
        assertFailed(deliver(ID, lines, utf8("garbage")), 400, "3 parts cannot be read");
    }

    @Test
    void openTelemetry07IsRefusedByName() {
        byte[] export = MetricStream.openTelemetry(minute);
        // In 0.7 the attributes of a point are in field 1 instead of 7: tag 10 instead of 58.
        byte[] old = export.clone();
        for (int i = 0; i < old.length - 2; i++) {
            if (old[i] == 58 && old[i + 2] == 10) {
                old[i] = 10;
            }
        }
        assertThat(Arrays.equals(old, export)).isFalse();
        assertFailed(deliver(ID, old), 400, "0.7 is not read");
    }

    @Test
    void noMutationOfADeliveryIsAFailureOfTheService() {
        Random random = new Random(6);
        int refused = 0;
        for (int i = 0; i < 1_000; i++) {
            byte[] record = i % 2 == 0 ? MetricStream.json(minute) : MetricStream.openTelemetry(minute);
            byte[] body = i % 4 < 2
                    ? MetricStream.request("mutation-" + i, Mutations.of(record, random))
                    : Mutations.of(MetricStream.request("mutation-" + i, record), random);
            int status = post(body, "mutation-" + i, "X-Amz-Firehose-Access-Key: " + KEY)
                    .statusCode();
            assertThat(status).as("mutation %d", i).isIn(200, 400);
            refused += status == 400 ? 1 : 0;
        }
        assertThat(refused).isBetween(100, 999);
        assertDelivered(deliver(ID, MetricStream.json(minute)));
    }

    private HttpResponse<byte[]> deliver(String id, byte[]... records) {
        return post(MetricStream.request(id, records), id, "X-Amz-Firehose-Access-Key: " + KEY);
    }

    private HttpResponse<byte[]> post(byte[] body, String id, String... more) {
        List<String> headers = new ArrayList<>(List.of(more));
        headers.add("Content-Type: application/json");
        headers.add("X-Amz-Firehose-Request-Id: " + id);
        headers.add("X-Amz-Firehose-Source-Arn: arn:aws:firehose:eu-west-1:123456789012:deliverystream/telltale");
        return service.post(PATH, body, headers.toArray(String[]::new));
    }

    private void assertDelivered(HttpResponse<byte[]> answer) {
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode node = service.node(answer.body());
        assertThat(node.propertyNames()).containsExactly("requestId", "timestamp");
        assertThat(node.get("timestamp").isIntegralNumber()).isTrue();
    }

    private void assertFailed(HttpResponse<byte[]> answer, int status, String message) {
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode node = service.node(answer.body());
        assertThat(node.propertyNames()).containsExactly("requestId", "timestamp", "errorMessage");
        assertThat(node.get("requestId").asString()).isEqualTo(ID);
        assertThat(node.get("errorMessage").asString()).contains(message).doesNotContain(KEY);
    }

    private double meter(String name, String tag) {
        String scraped = new String(
                service.send(HttpRequest.newBuilder(service.at("/actuator/prometheus"))
                                .build())
                        .body(),
                StandardCharsets.UTF_8);
        return scraped.lines()
                .filter(line -> line.startsWith("telltale_" + name) && line.contains(tag))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
