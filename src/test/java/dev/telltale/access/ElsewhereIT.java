package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A service that listens on all addresses, over TLS, as a container does.
class ElsewhereIT {

    private static final String PASSWORD = "changeit";

    @TempDir
    private Path directory;

    @Test
    void startsWithAKeyOnlyAndOpensNothingButLivenessAndReadinessThen() throws Exception {
        String address = "--server.address=0.0.0.0";
        assertThatThrownBy(() -> new RunningService(directory.resolve("data"), address))
                .hasRootCauseInstanceOf(AccessRefused.class)
                .rootCause()
                .hasMessageContaining("knows no key and no issuer of tokens");

        KeyText key = KeyText.fresh();
        Path file = Files.writeString(directory.resolve("key"), key.written() + "\n");
        Path store = certificate();
        try (RunningService service = new RunningService(
                        directory.resolve("data"),
                        address,
                        "--telltale.access.key-file=" + file,
                        "--server.ssl.key-store=" + store,
                        "--server.ssl.key-store-password=" + PASSWORD);
                HttpClient client = client(store)) {
            URI root = URI.create("https://127.0.0.1:" + service.port());
            for (String open :
                    List.of("/actuator/health/liveness", "/actuator/health/readiness", "/swagger-ui/index.html")) {
                assertThat(get(client, root.resolve(open), "").statusCode())
                        .as(open)
                        .isIn(200, 503);
            }
            for (String closed : List.of(
                    "/actuator/health",
                    "/actuator/health/store",
                    "/actuator/info",
                    "/actuator/prometheus",
                    "/v3/api-docs",
                    "/v3/api-docs.yaml",
                    "/v3/api-docs/swagger-config",
                    "/api/v1/series",
                    "/nothing")) {
                HttpResponse<String> answer = get(client, root.resolve(closed), "");
                assertThat(answer.statusCode()).as(closed).isEqualTo(401);
                assertThat(answer.headers().firstValue("Strict-Transport-Security"))
                        .contains("max-age=31536000");
                if (!closed.matches(".*/(nothing|store)")) {
                    assertThat(get(client, root.resolve(closed), key.written()).statusCode())
                            .as(closed)
                            .isEqualTo(200);
                }
            }
            service.bean(Keys.class).revoke(key.id(), "test");
            assertThat(get(client, root.resolve("/api/v1/series"), key.written())
                            .statusCode())
                    .as("the last key is revoked")
                    .isEqualTo(401);
            assertThat(get(client, root.resolve("/api/v1/series"), "").statusCode())
                    .isEqualTo(401);
        }
    }

    private Path certificate() throws Exception {
        Path store = directory.resolve("tls.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        return store;
    }

    private static HttpClient client(Path store) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            trusted.load(in, PASSWORD.toCharArray());
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static HttpResponse<String> get(HttpClient client, URI uri, String key) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (!key.isEmpty()) {
            request.header("Authorization", "Bearer " + key);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
