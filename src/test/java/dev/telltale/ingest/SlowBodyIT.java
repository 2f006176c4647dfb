package dev.telltale.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Senders give up what is answered with 408, so bodies that stop half-way are answered as what may get better.
class SlowBodyIT {

    @TempDir
    Path directory;

    private RunningTelltale service;

    @BeforeEach
    void start() {
        service = new RunningTelltale(
                directory,
                "--server.tomcat.connection-timeout=500ms",
                "--telltale.ingest.firehose.access-key=correct-horse-battery");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void whatStopsHalfWayMayBeSentAgain() {
        String snappy = "Content-Type: application/x-protobuf\r\nContent-Encoding: snappy\r\n";
        String json = "Content-Type: application/json\r\n";
        String key = "X-Amz-Firehose-Access-Key: correct-horse-battery\r\n";
        assertTryAgain(half("/api/v1/ingest/prometheus/write", snappy + "Content-Length: 1000\r\n", "half"));
        assertTryAgain(half("/api/v1/ingest/prometheus/write", snappy + "Content-Length: 2000000\r\n", "half"));
        assertTryAgain(
                half("/api/v1/ingest/prometheus/write", snappy + "Transfer-Encoding: chunked\r\n", "4\r\nhalf\r\n"));
        assertTryAgain(half("/v1/metrics", json + "Content-Length: 1000\r\n", "{"));
        assertTryAgain(half("/api/v1/ingest/firehose", json + key + "Content-Length: 1000\r\n", "{"));
    }

    private static void assertTryAgain(String answer) {
        assertThat(answer)
                .startsWith("HTTP/1.1 503 ")
                .containsIgnoringCase("\r\nRetry-After: 5\r\n")
                .contains("\"status\":503", "the body came too slowly or is shorter than announced");
    }

    private String half(String path, String headers, String body) {
        return service.raw(
                "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + headers + "\r\n" + body);
    }
}
