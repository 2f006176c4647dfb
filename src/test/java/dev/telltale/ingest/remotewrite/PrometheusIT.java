package dev.telltale.ingest.remotewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrometheusIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String MADE = "made_gauge{kind=\"sine \\\"quoted\\\"\"}";

    @TempDir
    Path directory;

    @Test
    void writesWhatItScrapedWithTheSameTimesAndValues() throws IOException, InterruptedException {
        Optional<Path> executable = RealPrometheus.executable();
        assumeTrue(executable.isPresent(), "prometheus is not on the PATH; install Debian's package prometheus");
        HttpServer exporter = exporter();
        try (Receiver receiver = new Receiver(directory.resolve("telltale"));
                RealPrometheus prometheus = new RealPrometheus(
                        executable.orElseThrow(),
                        Files.createDirectory(directory.resolve("prometheus")),
                        "127.0.0.1:" + exporter.getAddress().getPort(),
                        receiver.uri(Receiver.PATH))) {
            await(() -> receiver.samples(MADE).size() >= 4, prometheus);

            for (String selector : new String[] {MADE, "made_requests_total", "up"}) {
                Map<Long, Double> written = receiver.samples(selector);
                assertThat(written).hasSizeGreaterThanOrEqualTo(4);
                assertThat(prometheus.samples(selector)).containsAllEntriesOf(written);
            }
            assertThat(receiver.samples("made_nothing")).as("NaN is no value").isEmpty();

            exporter.stop(0);
            await(() -> receiver.meter("telltale_remote_write_ends_samples_total") >= 3, prometheus);
            assertThat(receiver.meter("telltale_samples_total{outcome=\"rejected\"}"))
                    .isZero();
        } finally {
            exporter.stop(0);
        }
    }

    /// Gives other values at each scrape.
    private static HttpServer exporter() throws IOException {
        AtomicInteger scrapes = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/metrics", exchange -> {
            int scrape = scrapes.incrementAndGet();
            byte[] body = ("# TYPE made_gauge gauge\n" + MADE + " " + Math.sin(scrape) + "\n"
                            + "# TYPE made_requests_total counter\nmade_requests_total " + scrape * 1e15 / 7 + "\n"
                            + "made_nothing NaN\n")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static void await(BooleanSupplier condition, RealPrometheus prometheus)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come to that in time; Prometheus says\n" + prometheus.log());
            }
            Thread.sleep(200);
        }
    }
}
