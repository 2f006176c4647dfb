package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/// A service on a disk that has less room left than it is told to leave: what was stored before serves, nothing new
/// is taken.
class LittleRoomIT {

    private static final String FIREHOSE_KEY = "sixteen-letters-or-more";
    private static final String MORE_THAN_ANY_DISK =
            DataSize.ofTerabytes(1 << 20).toBytes() + "B";

    @TempDir
    private static Path directory;

    private static Service service;
    private static String scoresBefore;

    @BeforeAll
    static void fill() throws IOException, InterruptedException {
        try (Service before = new Service(directory)) {
            assertThat(before.send("POST", "/api/v1/series/waves/samples", csv(300))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(before.send("POST", "/api/v1/series/old/samples", csv(10))
                            .statusCode())
                    .isEqualTo(200);
            String training = "{\"name\":\"m\",\"series\":[\"waves\"],\"training\":{\"epochs\":1}}";
            HttpResponse<String> trained = before.send("POST", "/api/v1/models", training, "Prefer: wait=60");
            assertThat(trained.statusCode()).as(trained.body()).isEqualTo(201);
            scoresBefore = scores(before).body();
        }
        service = new Service(
                directory,
                "--telltale.storage.min-free=" + MORE_THAN_ANY_DISK,
                "--telltale.ingest.firehose.access-key=" + FIREHOSE_KEY);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void everyWayInIsRefusedInItsOwnWords() throws IOException, InterruptedException {
        for (String path : new String[] {"/api/v1/series/waves/samples", "/api/v1/series/fresh/samples"}) {
            HttpResponse<String> refused = service.send("POST", path, csv(400));
            assertThat(refused.statusCode()).isEqualTo(507);
            assertThat(refused.body()).contains("\"/problems/storage-full\"", "telltale.storage.min-free");
        }
        assertThat(service.send("POST", "/api/v1/uploads?prefix=p", csv(400), "Prefer: respond-async")
                        .statusCode())
                .isEqualTo(507);
        assertThat(service.send("POST", "/api/v1/models", "{\"name\":\"n\",\"series\":[\"waves\"]}")
                        .statusCode())
                .isEqualTo(507);
        assertThat(service.get("/api/v1/series/fresh").statusCode()).isEqualTo(404);

        refusedForAWhile(service.post(
                "/api/v1/ingest/prometheus/write",
                oneSampleInSnappy(),
                "Content-Type: application/x-protobuf",
                "Content-Encoding: snappy"));
        String now = System.currentTimeMillis() + "000000";
        refusedForAWhile(service.send("POST", "/v1/metrics", """
                {"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"name":"queue.length","gauge":{"dataPoints":[
                {"timeUnixNano":"%s","asDouble":3}]}}]}]}]}""".formatted(now)));
        refusedForAWhile(service.send(
                "POST",
                "/api/v1/ingest/firehose",
                firehose(System.currentTimeMillis()),
                "X-Amz-Firehose-Access-Key: " + FIREHOSE_KEY));
    }

    @Test
    void whatIsStoredIsReadAndScored() throws IOException, InterruptedException {
        assertThat(service.get("/api/v1/series/waves/samples?limit=1000").statusCode())
                .isEqualTo(200);
        HttpResponse<String> scores = scores(service);
        assertThat(scores.statusCode()).isEqualTo(200);
        assertThat(scores.body()).isEqualTo(scoresBefore);
    }

    @Test
    void whatMakesRoomIsDone() throws IOException, InterruptedException {
        assertThat(service.send("DELETE", "/api/v1/series/old", "").statusCode())
                .isEqualTo(204);
        assertThat(service.get("/api/v1/series/old").statusCode()).isEqualTo(404);
    }

    @Test
    void isReadyAndSaysThatItTakesNothing() throws IOException, InterruptedException {
        HttpResponse<String> readiness = service.get("/actuator/health/readiness");
        assertThat(readiness.statusCode()).isEqualTo(200);
        assertThat(service.get("/actuator/health").body()).contains("\"writable\":false", "bytes are free");
        assertThat(service.get("/actuator/prometheus").body())
                .contains("telltale_storage_writable 0.0", "telltale_storage_reserve_bytes 1.");
    }

    private static void refusedForAWhile(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    }

    private static HttpResponse<String> scores(Service asked) throws IOException, InterruptedException {
        return asked.send("POST", "/api/v1/models/m/score", "{\"series\":\"waves\"}");
    }

    private static String csv(int rows) {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < rows; i++) {
            csv.append(1_700_000_000_000L + 60_000L * i)
                    .append(',')
                    .append(Math.sin(i / 10.0))
                    .append('\n');
        }
        return csv.toString();
    }

    private static String firehose(long time) {
        String line = "{\"metric_stream_name\":\"s\",\"account_id\":\"1\",\"region\":\"r\",\"namespace\":\"AWS/EC2\","
                + "\"metric_name\":\"CPUUtilization\",\"dimensions\":{\"InstanceId\":\"i-1\"},\"timestamp\":" + time
                + ",\"value\":{\"max\":1,\"min\":1,\"sum\":1,\"count\":1},\"unit\":\"Percent\"}\n";
        String data = Base64.getEncoder().encodeToString(line.getBytes(StandardCharsets.UTF_8));
        return "{\"requestId\":\"1\",\"timestamp\":" + time + ",\"records\":[{\"data\":\"" + data + "\"}]}";
    }

    /// `prometheus.WriteRequest` with `up` = 0 now, as one literal of Snappy.
    private static byte[] oneSampleInSnappy() {
        ByteArrayOutputStream sample = new ByteArrayOutputStream();
        sample.writeBytes(new byte[] {9, 0, 0, 0, 0, 0, 0, 0, 0, 16}); // value, then the tag of the time
        for (long rest = System.currentTimeMillis(); ; rest >>>= 7) {
            sample.write((int) (rest > 127 ? (rest & 127) | 128 : rest));
            if (rest <= 127) {
                break;
            }
        }
        byte[] label =
                field(1, joined(field(1, "__name__".getBytes(StandardCharsets.US_ASCII)), field(2, new byte[] {'u', 'p'
                })));
        byte[] request = field(1, joined(label, field(2, sample.toByteArray())));
        return joined(new byte[] {(byte) request.length, (byte) ((request.length - 1) << 2)}, request);
    }

    private static byte[] field(int number, byte[] content) {
        return joined(new byte[] {(byte) ((number << 3) | 2), (byte) content.length}, content);
    }

    private static byte[] joined(byte[] first, byte[] second) {
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(first);
        both.writeBytes(second);
        return both.toByteArray();
    }
}
