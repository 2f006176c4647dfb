package dev.telltale.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.telltale.ingest.RunningTelltale;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Callers who send or take a byte now and then, so that no limit between two bytes ends them. Those here would take
/// hours; the service lets them go, and others have their place meanwhile.
@Timeout(60)
class SlowCallersIT {

    private static final int ROWS = 400_000;

    @TempDir
    static Path directory;

    private static RunningTelltale service;

    @BeforeAll
    static void start() {
        service = new RunningTelltale(
                directory,
                "--telltale.connections.patience=1s",
                "--telltale.work.uploads=1",
                "--telltale.work.waiting-uploads=10");
        upload(service);
    }

    private static void upload(RunningTelltale service) {
        StringBuilder csv = new StringBuilder("timestamp,value\n");
        for (int i = 0; i < ROWS; i++) {
            csv.append(1_600_000_000_000L + i * 1_000L).append(',').append(i).append('\n');
        }
        assertThat(service.post("/api/v1/series/long/samples", csv.toString().getBytes(UTF_8), "Content-Type: text/csv")
                        .statusCode())
                .isEqualTo(200);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void cutsAHeadThatDoesNotEnd() throws Exception {
        try (Socket socket = connect()) {
            assertThat(trickled(socket, "GET /api/v1/series HTTP/1.1\r\nX-Slow: ", "a"))
                    .isEmpty();
        }
        assertThat(cut("head")).isPositive();
    }

    @Test
    void cutsABodyThatTricklesAndStoresNothingOfIt() throws Exception {
        String head = post("/api/v1/series/slow/samples", "text/csv", "Content-Length: 1000000") + "timestamp,value\n";
        try (Socket socket = connect()) {
            assertThat(trickled(socket, head, "1600000000000,1\n"))
                    .startsWith("HTTP/1.1 408 ")
                    .contains("application/problem+json", "the body came too slowly");
        }
        assertThat(cut("body")).isPositive();
        assertThat(service.get("/api/v1/series?match=slow").get("items")).isEmpty();
    }

    /// Who reads the body sees none of these bytes: an extension of a chunk, and what follows the last chunk.
    @ParameterizedTest
    @ValueSource(strings = {"5;x=", "0\r\nX-Slow: "})
    void cutsAFramingThatTrickles(String framing) throws Exception {
        double before = cut("body");
        String head = post("/api/v1/series/framed/samples", "text/csv", "Transfer-Encoding: chunked")
                + "10\r\ntimestamp,value\n\r\n" + framing;
        try (Socket socket = connect()) {
            assertThat(trickled(socket, head, "a")).startsWith("HTTP/1.1 408 ").contains("the body came too slowly");
        }
        assertThat(cut("body")).isEqualTo(before + 1);
    }

    @Test
    void tellsASenderToSendAgainWhatCameTooSlowly() throws Exception {
        String head = post("/v1/metrics", "application/json", "Content-Length: 1000000");
        try (Socket socket = connect()) {
            assertThat(trickled(socket, head, "{")).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: 5");
        }
    }

    /// By a route, and by a filter before any route.
    @ParameterizedTest
    @CsvSource({"/api/v1/nothing/here, 404", "/api/v1/%73eries/slow/samples, 400"})
    void cutsWhatFollowsARefusalAndNobodyWants(String path, int status) throws Exception {
        String head = post(path, "text/csv", "Content-Length: 1000000");
        try (Socket socket = connect()) {
            assertThat(trickled(socket, head, "x")).startsWith("HTTP/1.1 " + status + " ");
        }
    }

    @Test
    void cutsWhoTakesTooLittleOfAnAnswerAndLetsItsWorkGo() throws Exception {
        cutWhoTakesTooLittle(service);
        assertThat(gate(Work.OTHER).taken()).isZero();
    }

    /// Else the kernel would keep megabytes of it for as long as the caller takes a byte now and then.
    @Test
    void cutsWhoTakesSoLittleThatTheContainerGivesUp(@TempDir Path data) throws Exception {
        try (RunningTelltale hasty = new RunningTelltale(data, "--server.tomcat.connection-timeout=1s")) {
            upload(hasty);
            cutWhoTakesTooLittle(hasty);
        }
    }

    private static void cutWhoTakesTooLittle(RunningTelltale service) throws Exception {
        double before = cut(service, "answer");
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(4096); // before it connects, or the kernel takes megabytes for it
            socket.connect(new InetSocketAddress(
                    service.at("/").getHost(), service.at("/").getPort()));
            socket.getOutputStream()
                    .write("GET /api/v1/series/long/samples HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(US_ASCII));
            long deadline = System.nanoTime() + Duration.ofSeconds(50).toNanos();
            InputStream in = socket.getInputStream();
            while (cut(service, "answer") == before && System.nanoTime() < deadline) {
                in.readNBytes(10);
                Thread.sleep(50);
            }
            assertThat(cut(service, "answer")).isGreaterThan(before);
            assertThatExceptionOfType(SocketException.class).isThrownBy(in::readAllBytes);
        }
    }

    @Test
    void servesOthersWhileABodyIsWaitedFor() throws Exception {
        String head = post("/api/v1/series/waits/samples", "text/csv", "Content-Length: 32");
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write((head + "timestamp,value\n").getBytes(US_ASCII));
            out.flush();
            for (int i = 0; i < 5; i++) { // there is one place for uploads
                assertThat(service.post(
                                        "/api/v1/series/quick/samples",
                                        ("timestamp,value\n" + (1_600_000_000_000L + i) + ",1\n").getBytes(UTF_8),
                                        "Content-Type: text/csv")
                                .statusCode())
                        .isEqualTo(200);
            }
            out.write("1600000000000,1\n".getBytes(US_ASCII));
            byte[] answer = new byte[12];
            assertThat(socket.getInputStream().readNBytes(answer, 0, 12)).isEqualTo(12);
            assertThat(new String(answer, US_ASCII)).isEqualTo("HTTP/1.1 200");
        }
    }

    @Test
    void keepsAConnectionWhoseBodyNobodyRead() throws Exception {
        String refused = post("/api/v1/nothing/here", "text/csv", "Content-Length: 6") + "123456";
        String next = "GET /actuator/health/liveness HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        assertThat(service.raw(refused + next)).startsWith("HTTP/1.1 404 ").contains("HTTP/1.1 200 ");
    }

    /// A body in as many chunks as it has bytes ends as any other of its length.
    @Test
    void readsThreeMillionChunksOfOneByte() throws Exception {
        byte[] chunk = "1\r\n \r\n".getBytes(US_ASCII);
        ByteArrayOutputStream chunks = new ByteArrayOutputStream();
        for (int i = 0; i < 10_000; i++) {
            chunks.write(chunk);
        }
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(post(
                            "/api/v1/series/chunks/samples",
                            "application/json",
                            "Connection: close\r\nTransfer-Encoding: chunked")
                    .getBytes(US_ASCII));
            try {
                for (int i = 0; i < 300; i++) {
                    out.write(chunks.toByteArray());
                }
                out.write("0\r\n\r\n".getBytes(US_ASCII));
            } catch (SocketException theServerHasHeardEnough) {
                // its answer says why
            }
            assertThat(answer(socket)).startsWith("HTTP/1.1 400 ");
        }
    }

    private static String post(String path, String type, String headers) {
        return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\n%s\r\n\r\n".formatted(path, type, headers);
    }

    /// What the service says to a caller who writes a text again and again, 20 times a second, until it is cut off.
    private static String trickled(Socket socket, String first, String again) throws Exception {
        OutputStream out = socket.getOutputStream();
        try {
            out.write(first.getBytes(US_ASCII));
            long deadline = System.nanoTime() + Duration.ofSeconds(50).toNanos();
            socket.setSoTimeout(50);
            StringBuilder answer = new StringBuilder();
            while (System.nanoTime() < deadline) {
                out.write(again.getBytes(US_ASCII));
                try {
                    int next = socket.getInputStream().read();
                    if (next < 0) {
                        return answer.toString();
                    }
                    answer.append((char) next);
                    answer.append(new String(
                            socket.getInputStream()
                                    .readNBytes(socket.getInputStream().available()),
                            UTF_8));
                } catch (java.net.SocketTimeoutException nothingSaidYet) {
                    // so it may go on
                } catch (SocketException cut) {
                    return answer.toString();
                }
            }
            throw new AssertionError("was not cut off; heard " + answer);
        } catch (SocketException cut) {
            return answer(socket);
        }
    }

    private static String answer(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            socket.getInputStream().transferTo(all);
        } catch (SocketException cut) {
            // what came before counts
        }
        return all.toString(UTF_8);
    }

    private static Socket connect() throws IOException {
        return new Socket(service.at("/").getHost(), service.at("/").getPort());
    }

    private static Gate gate(Work work) {
        return service.bean(Gates.class).of(Optional.of(work));
    }

    private static double cut(String part) {
        return cut(service, part);
    }

    private static double cut(RunningTelltale service, String part) {
        String meters = new String(
                service.send(HttpRequest.newBuilder(service.at("/actuator/prometheus"))
                                .build())
                        .body(),
                UTF_8);
        return meters.lines()
                .filter(line -> line.startsWith("telltale_http_cut_connections_total{part=\"" + part + "\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
