package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.alerts.Courier.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CourierTest {

    private static final Duration PATIENT = Duration.ofSeconds(30);
    private static final Duration IMPATIENT = Duration.ofMillis(300);
    private static final String THIS_MACHINE = "127.0.0.0/8";

    @TempDir
    Path directory;

    private final SteeredClock clock = new SteeredClock("2026-03-10T09:00:00Z");
    private final FarEnd farEnd = new FarEnd();
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        farEnd.close();
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    @Test
    void whatWasTakenIsTaken() {
        assertThat(courier(PATIENT).send(outgoing(farEnd.url() + "/a?b=c%20d"))).isEqualTo(new Outcome.Taken());
        FarEnd.Request request = farEnd.requests.getFirst();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.target()).isEqualTo("/a?b=c%20d");
        assertThat(request.body()).isEqualTo("{\"ü\":1}");
        assertThat(request.headers().getFirst("Content-Type")).isEqualTo("application/json");
        assertThat(request.headers().getFirst("webhook-id")).isEqualTo("7");
        assertThat(request.headers().getFirst("User-Agent")).isEqualTo("Telltale");
        assertThat(request.headers().getFirst("Host")).isEqualTo("127.0.0.1:" + farEnd.port());
        assertThat(request.headers()).doesNotContainKeys("Upgrade", "Accept-encoding", "Cookie", "Expect");
    }

    @Test
    void failuresMayBeMendedAndRefusalsMayNot() {
        Courier courier = courier(PATIENT);
        for (int status : new int[] {500, 502, 503, 507, 401, 403, 404, 407, 408, 425, 429}) {
            farEnd.answers(status, "");
            assertThat(courier.send(outgoing(farEnd.url()))).as("%d", status).isInstanceOf(Outcome.Failed.class);
        }
        for (int status : new int[] {400, 405, 410, 413, 415, 422}) {
            farEnd.answers(status, "");
            assertThat(courier.send(outgoing(farEnd.url()))).as("%d", status).isInstanceOf(Outcome.Refused.class);
        }
    }

    @Test
    void theCauseQuotesTheBeginningOfAnErrorOnOneLine() {
        farEnd.answers(500, "out\r\nof \u001b[31mdisk " + "x".repeat(100_000));
        assertThat(failed(courier(PATIENT).send(outgoing(farEnd.url()))).cause())
                .startsWith("the answer was 500: out of [31mdisk xxx")
                .hasSizeLessThan(250);
    }

    @Test
    void whatTheReceiverAsksForIsHeard() {
        farEnd.answers(503, "", "Retry-After: 120");
        assertThat(failed(courier(PATIENT).send(outgoing(farEnd.url()))).wish()).contains(Duration.ofMinutes(2));
        farEnd.answers(429, "", "Retry-After: Tue, 10 Mar 2026 09:00:30 GMT");
        assertThat(failed(courier(PATIENT).send(outgoing(farEnd.url()))).wish()).contains(Duration.ofSeconds(30));
        for (String odd : List.of("-1", "soon", "99999999999999999999", "Tue, 10 Mar 2020 09:00:30 GMT")) {
            farEnd.answers(503, "", "Retry-After: " + odd);
            assertThat(failed(courier(PATIENT).send(outgoing(farEnd.url()))).wish())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void noRedirectIsFollowed(int status) {
        farEnd.answers(status, "", "Location: " + farEnd.url() + "/internal");
        assertThat(failed(courier(PATIENT).send(outgoing(farEnd.url() + "/"))).cause())
                .contains(Integer.toString(status), "no redirect");
        assertThat(farEnd.requests).hasSize(1);
    }

    @Test
    void aSlowAnswerEndsTheAttempt() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        farEnd.answers(exchange -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(failed(courier(IMPATIENT).send(outgoing(farEnd.url()))).cause())
                .contains("300 ms");
        release.countDown();
    }

    @Test
    void anAnswerThatDripsEndsTheAttemptToo() throws IOException {
        // Each byte comes in time, the whole never does: a limit between bytes would wait for ever.
        int port = raw(socket -> {
            for (byte one : ("HTTP/1.1 200 OK\r\nX: " + "x".repeat(8_000)).getBytes(StandardCharsets.US_ASCII)) {
                socket.getOutputStream().write(one);
                socket.getOutputStream().flush();
                sleep();
            }
        });
        assertThat(failed(courier(IMPATIENT).send(outgoing("http://127.0.0.1:" + port)))
                        .cause())
                .contains("300 ms");
    }

    @Test
    void ofAnAnswerOfTenGigabytesNextToNothingIsRead() throws Exception {
        for (String status : List.of("200 OK", "500 Oh")) {
            AtomicLong written = new AtomicLong();
            CountDownLatch ended = new CountDownLatch(1);
            int port = raw(socket -> {
                OutputStream out = socket.getOutputStream();
                out.write(("HTTP/1.1 " + status + "\r\nContent-Length: 10000000000\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                byte[] block = new byte[65_536];
                try {
                    while (written.get() < 10_000_000_000L) {
                        out.write(block);
                        written.addAndGet(block.length);
                    }
                } finally {
                    ended.countDown();
                }
            });
            Outcome outcome = courier(PATIENT).send(outgoing("http://127.0.0.1:" + port));
            assertThat(outcome.getClass())
                    .isEqualTo(status.startsWith("200") ? Outcome.Taken.class : Outcome.Failed.class);
            ended.await();
            // What the kernel's buffers of both ends take is not read by anybody.
            assertThat(written.get()).isLessThan(64_000_000);
        }
    }

    @Test
    void anAnswerWithEndlessHeadersIsAFailure() throws IOException {
        int port = raw(socket -> {
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nX: ".getBytes(StandardCharsets.US_ASCII));
            byte[] block = "x".repeat(65_536).getBytes(StandardCharsets.US_ASCII);
            while (true) {
                out.write(block);
            }
        });
        assertThat(failed(courier(PATIENT).send(outgoing("http://127.0.0.1:" + port)))
                        .cause())
                .contains("line");
        int many = raw(socket -> {
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write("X: y\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        });
        assertThat(failed(courier(PATIENT).send(outgoing("http://127.0.0.1:" + many)))
                        .cause())
                .contains("header");
    }

    @Test
    void whatIsNoHttpIsAFailure() throws IOException {
        int port = raw(socket -> socket.getOutputStream().write("SSH-2.0-x\r\n".getBytes(StandardCharsets.US_ASCII)));
        assertThat(courier(PATIENT).send(outgoing("http://127.0.0.1:" + port))).isInstanceOf(Outcome.Failed.class);
        int silent = raw(socket -> {});
        assertThat(courier(PATIENT).send(outgoing("http://127.0.0.1:" + silent)))
                .isInstanceOf(Outcome.Failed.class);
    }

    @Test
    void nobodyListensThere() {
        farEnd.close();
        assertThat(failed(courier(PATIENT).send(outgoing(farEnd.url()))).cause())
                .contains("refused");
    }

    @Test
    void aForbiddenAddressIsNotConnectedTo() {
        Courier strict = courier(PATIENT, new SystemNames(PATIENT), List.of());
        assertThat(failed(strict.send(outgoing(farEnd.url()))).cause()).contains("allowed-networks");
        assertThat(failed(strict.send(outgoing("http://[::ffff:127.0.0.1]:" + farEnd.port())))
                        .cause())
                .contains("allowed-networks");
        assertThat(failed(strict.send(outgoing("http://[::1]:" + farEnd.port())))
                        .cause())
                .contains("allowed-networks");
        assertThat(farEnd.requests).isEmpty();
    }

    @Test
    void anAddressIsCheckedWithoutALookUp() {
        Names silent = host -> {
            throw new UnknownHostException("nobody is to be asked for " + host);
        };
        assertThat(courier(PATIENT, silent, List.of(THIS_MACHINE)).send(outgoing(farEnd.url())))
                .isEqualTo(new Outcome.Taken());
        assertThat(farEnd.requests).hasSize(1);
        Courier strict = courier(PATIENT, silent, List.of());
        for (String host : List.of("127.0.0.1", "[::ffff:127.0.0.1]", "[::1]")) {
            assertThat(failed(strict.send(outgoing("http://" + host + ":" + farEnd.port())))
                            .cause())
                    .contains("allowed-networks");
        }
        assertThat(farEnd.requests).hasSize(1);
    }

    @Test
    void aNameIsConnectedToWhereItWasCheckedHoweverItAnswersNext() {
        // The first look-up, when the receiver is made, shows a public address, later ones this machine.
        FlippingNames names = new FlippingNames("203.0.114.7", "127.0.0.1");
        GuardedNames guarded = new GuardedNames(names, new NetworkRule(List.of()));
        ReceiverUrl url = ReceiverUrl.parse("http://rebind.example.com:" + farEnd.port());
        guarded.check(url);
        Courier courier = courier(PATIENT, names, List.of());
        assertThat(failed(courier.send(outgoing(url.toString()))).cause()).contains("127.0.0.1", "allowed-networks");
        assertThat(farEnd.requests).isEmpty();
        assertThat(names.asked).isEqualTo(2);
    }

    @Test
    void oneLookUpIsOneConnection() {
        // Were the name looked up again to connect, it would be this one's second answer.
        FlippingNames names = new FlippingNames("127.0.0.1", "203.0.114.7");
        Courier courier = courier(PATIENT, names, List.of(THIS_MACHINE));
        String url = "http://hook.example.com:" + farEnd.port();
        assertThat(courier.send(outgoing(url))).isEqualTo(new Outcome.Taken());
        assertThat(names.asked).isEqualTo(1);
        assertThat(farEnd.requests.getFirst().headers().getFirst("Host"))
                .isEqualTo("hook.example.com:" + farEnd.port());
    }

    @Test
    void aNameWithOneForbiddenAddressAmongOthersIsForbidden() {
        Names both = host -> List.of(InetAddress.ofLiteral("203.0.114.7"), InetAddress.ofLiteral("169.254.169.254"));
        assertThat(failed(courier(PATIENT, both, List.of()).send(outgoing("http://both.example.com")))
                        .cause())
                .contains("169.254.169.254");
    }

    @Test
    void aNameThatNobodyKnowsIsAFailure() {
        Names none = host -> {
            throw new UnknownHostException("the host " + host + " has no known address");
        };
        assertThat(failed(courier(PATIENT, none, List.of()).send(outgoing("http://nowhere.example.com")))
                        .cause())
                .isEqualTo("the host nowhere.example.com has no known address");
    }

    @Test
    void aCertificateThatNobodyVouchesForIsAFailure() throws Exception {
        int port = tls(key("CN=127.0.0.1", "IP:127.0.0.1"));
        assertThat(failed(courier(PATIENT).send(outgoing("https://127.0.0.1:" + port)))
                        .cause())
                .startsWith("no secure connection");
    }

    @Test
    void aCertificateOfAnotherNameIsAFailureAndOneOfTheRightNameIsNot() throws Exception {
        KeyStore key = key("CN=hook.example.com", "DNS:hook.example.com");
        int port = tls(key);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(key);
        SSLContext trusting = SSLContext.getInstance("TLS");
        trusting.init(null, trust.getTrustManagers(), null);
        Names here = host -> List.of(InetAddress.getLoopbackAddress());
        Courier courier = new Courier(
                new GuardedNames(here, new NetworkRule(List.of(Network.parse(THIS_MACHINE)))),
                new DefaultClientTlsStrategy(trusting),
                PATIENT,
                clock);
        open.add(courier);
        assertThat(failed(courier.send(outgoing("https://other.example.com:" + port)))
                        .cause())
                .startsWith("no secure connection");
        assertThat(courier.send(outgoing("https://hook.example.com:" + port))).isEqualTo(new Outcome.Taken());
    }

    private Courier courier(Duration timeout) {
        return courier(timeout, new SystemNames(timeout), List.of(THIS_MACHINE));
    }

    private Courier courier(Duration timeout, Names names, List<String> allowed) {
        NetworkRule rule = new NetworkRule(allowed.stream().map(Network::parse).toList());
        Courier courier =
                new Courier(new GuardedNames(names, rule), DefaultClientTlsStrategy.createDefault(), timeout, clock);
        open.add(courier);
        if (names instanceof SystemNames system) {
            open.add(system);
        }
        return courier;
    }

    private static Outgoing outgoing(String url) {
        return new Outgoing(
                URI.create(url),
                "application/json",
                Map.of("webhook-id", "7"),
                "{\"ü\":1}".getBytes(StandardCharsets.UTF_8));
    }

    private static Outcome.Failed failed(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return (Outcome.Failed) outcome;
    }

    /// A server that does with each connection what it is told, after it read the head of the request.
    private int raw(Conversation conversation) throws IOException {
        return serve(new ServerSocket(), conversation);
    }

    private int serve(ServerSocket server, Conversation conversation) throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        open.add(server);
        Thread.ofPlatform().daemon().start(() -> {
            while (!server.isClosed()) {
                try (Socket socket = server.accept()) {
                    byte[] head = new byte[4096];
                    if (socket.getInputStream().read(head) > 0) {
                        conversation.with(socket);
                    }
                } catch (IOException gone) {
                    // The other side closed, as it should.
                }
            }
        });
        return server.getLocalPort();
    }

    private int tls(KeyStore key) throws GeneralSecurityException, IOException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(key, "changeit".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        SSLServerSocket server =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
        return serve(
                server,
                socket -> socket.getOutputStream()
                        .write("HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    private KeyStore key(String owner, String name) throws Exception {
        Path file = directory.resolve("key.p12");
        Files.deleteIfExists(file);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "key",
                        "-keyalg",
                        "EC",
                        "-dname",
                        owner,
                        "-ext",
                        "san=" + name,
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "changeit")
                .redirectErrorStream(true)
                .start();
        assertThat(keytool.waitFor())
                .as(new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isZero();
        KeyStore store = KeyStore.getInstance(file.toFile(), "changeit".toCharArray());
        // Only a certificate counts for who trusts.
        store.setCertificateEntry("trusted", store.getCertificate("key"));
        return store;
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @FunctionalInterface
    private interface Conversation {

        void with(Socket socket) throws IOException;
    }

    /// A name server that answers one thing first and another one ever after.
    private static final class FlippingNames implements Names {

        private final Optional<String> first;
        private final String then;
        private int asked;

        FlippingNames(String first, String then) {
            this.first = Optional.of(first);
            this.then = then;
        }

        @Override
        public synchronized List<InetAddress> resolve(String host) {
            asked++;
            return List.of(InetAddress.ofLiteral(asked == 1 ? first.orElse(then) : then));
        }
    }
}
