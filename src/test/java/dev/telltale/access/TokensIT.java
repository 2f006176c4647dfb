package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tokens of an issuer that is down when the service starts, and all the ways to forge one.
class TokensIT {

    private static final String AUDIENCE = "telltale";
    private static final String READ = "/api/v1/series";

    @TempDir
    private static Path data;

    private static RunningService service;
    private static HttpServer issuer;
    private static HttpServer forger;
    private static final AtomicInteger ASKED = new AtomicInteger();
    private static final AtomicInteger LURED = new AtomicInteger();
    private static String name = "";
    private static String lure = "";
    private static RSAKey rsa;
    private static ECKey elliptic;
    private static RSAKey forged;

    @BeforeAll
    static void start() throws Exception {
        rsa = new RSAKeyGenerator(2048).keyID("rsa").generate();
        elliptic = new ECKeyGenerator(Curve.P_256).keyID("elliptic").generate();
        forged = new RSAKeyGenerator(2048).keyID("forged").generate();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        name = "http://127.0.0.1:" + port + "/realm";
        forger = server(0);
        lure = "http://127.0.0.1:" + forger.getAddress().getPort() + "/keys";
        answer(forger, "/", LURED, new JWKSet(forged.toPublicJWK()).toString());
        service = new RunningService(
                data,
                "--telltale.access.issuer=" + name,
                "--telltale.access.audience=" + AUDIENCE,
                "--telltale.access.roles-claim=realm_access.roles");

        HttpResponse<String> early = service.get(READ, bearer(signed(claims -> {})));
        assertThat(early.statusCode()).as(early.body()).isEqualTo(503);
        assertThat(early.headers().firstValue("Retry-After")).contains("10");

        issuer = server(port);
        String keys = "http://127.0.0.1:" + port + "/keys";
        answer(
                issuer,
                "/realm/.well-known/openid-configuration",
                new AtomicInteger(),
                "{\"issuer\":\"" + name + "\",\"jwks_uri\":\"" + keys + "\"}");
        answer(issuer, "/keys", ASKED, new JWKSet(List.of(rsa.toPublicJWK(), elliptic.toPublicJWK())).toString());
        Instant up = Instant.now();
        while (service.get(READ, bearer(signed(claims -> {}))).statusCode() == 503) {
            assertThat(Instant.now()).isBefore(up.plusSeconds(30));
            Thread.sleep(200);
        }
    }

    @AfterAll
    static void stop() {
        service.close();
        issuer.stop(0);
        forger.stop(0);
    }

    @Test
    void aTokenOpensWhatItsRolesAllow() throws Exception {
        assertThat(status(signed(claims -> {}))).isEqualTo(200);
        assertThat(status(elliptic(header -> header.type(new JOSEObjectType("at+jwt")))))
                .isEqualTo(200);
        assertThat(status(elliptic(header -> {}))).isEqualTo(200);
        assertThat(status(signed(claims -> claims.claim("realm_access", Map.of("roles", "metrics reader")))))
                .isEqualTo(200);
        assertThat(status(signed(claims -> claims.audience(List.of("other", AUDIENCE)))))
                .isEqualTo(200);
        for (Object roles : List.of(List.of("metrics"), List.of("READER", "root"), "", 7, Map.of())) {
            HttpResponse<String> answer =
                    service.get(READ, bearer(signed(claims -> claims.claim("realm_access", Map.of("roles", roles)))));
            assertThat(answer.statusCode()).as("%s", roles).isEqualTo(403);
            assertThat(answer.body()).contains("/problems/forbidden", "jwt:agent-7");
        }
        assertThat(status(signed(claims -> claims.claim("realm_access", null).claim("roles", List.of("admin")))))
                .isEqualTo(403);
    }

    @Test
    void clocksMayDifferByAMinute() throws Exception {
        Instant now = Instant.now();
        assertThat(status(signed(claims -> claims.expirationTime(Date.from(now.minusSeconds(40))))))
                .isEqualTo(200);
        assertThat(status(signed(claims -> claims.notBeforeTime(Date.from(now.plusSeconds(40))))))
                .isEqualTo(200);
    }

    @Test
    void keysAreTakenBesideTokens() throws Exception {
        assertThat(service.get(READ).statusCode()).as("without anything").isEqualTo(401);
        String admin = bearer(signed(claims -> claims.claim("realm_access", Map.of("roles", List.of("admin")))));
        HttpResponse<String> made =
                service.send("POST", "/api/v1/keys", "{\"name\":\"beside\",\"roles\":[\"reader\"]}", admin);
        assertThat(made.statusCode()).isEqualTo(201);
        String key = made.body().replaceFirst(".*\"key\":\"(tt_[^\"]+)\".*", "$1");

        assertThat(status(key)).isEqualTo(200);
        assertThat(status(signed(claims -> {}))).isEqualTo(200);
        assertThat(status(key.substring(0, key.length() - 1))).isEqualTo(401);
    }

    @Test
    void noForgedTokenOpensAnythingOrMakesTheServiceAskAnybody() throws Exception {
        int askedBefore = ASKED.get();
        forgeries().forEach((how, token) -> {
            try {
                HttpResponse<String> answer = service.get(READ, bearer(token));
                assertThat(answer.statusCode()).as(how).isEqualTo(401);
                assertThat(answer.headers().allValues("WWW-Authenticate"))
                        .as(how)
                        .hasSize(2);
                assertThat(answer.body())
                        .as(how)
                        .contains("\"detail\":\"what the request shows is not valid here, or no longer\"");
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(how, e);
            }
        });
        assertThat(LURED).as("calls to addresses that tokens name").hasValue(0);
        assertThat(ASKED.get() - askedBefore)
                .as("calls to the issuer for key ids it does not have")
                .isLessThan(5);
    }

    @Test
    void aRightTokenPassesFromTheAddressThatForgesThem() throws Exception {
        String right = signed(claims -> {});
        int refused = 0;
        for (int i = 0; i < 300; i++) {
            int status = service.sendFromElsewhere("GET", READ, "", bearer(signed(forged, header("rsa"))))
                    .statusCode();
            assertThat(status).isIn(401, 429);
            refused += status == 429 ? 1 : 0;
        }
        assertThat(refused).isPositive();
        assertThat(service.sendFromElsewhere("GET", READ, "", bearer(right)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aTokenOfAMegabyteIsNoToken() throws Exception {
        String token = signed(claims -> claims.claim("filling", "x".repeat(1 << 20)));
        assertThat(service.get(READ, bearer(token)).statusCode())
                .as("the container reads no such header")
                .isIn(400, 431);
        assertThat(service.bean(Tokens.class).check(token)).isInstanceOf(Recognition.Stranger.class);
    }

    private static Map<String, String> forgeries() throws Exception {
        Instant now = Instant.now();
        String good = signed(claims -> {});
        String[] parts = good.split("\\.", -1);
        Map<String, String> all = new LinkedHashMap<>();
        all.put("alg none", new PlainJWT(claims(each -> {})).serialize());
        all.put("alg none with a signature", encoded("{\"alg\":\"none\"}") + "." + parts[1] + "." + parts[2]);
        all.put("HS256 with the public key", hmac(rsa.toRSAPublicKey().getEncoded()));
        all.put(
                "HS256 with the public key as text",
                hmac(rsa.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8)));
        all.put("for another service", signed(claims -> claims.audience("other")));
        all.put("for nobody", signed(claims -> claims.audience((String) null)));
        all.put("of another issuer", signed(claims -> claims.issuer("http://127.0.0.1/other")));
        all.put("of the issuer with a slash", signed(claims -> claims.issuer(name + "/")));
        all.put("of no issuer", signed(claims -> claims.issuer(null)));
        all.put("of an unknown key", signed(forged, header("forged")));
        all.put("of a key that takes the name of another", signed(forged, header("rsa")));
        all.put("of an RSA key that takes the name of an elliptic one", signed(forged, header("elliptic")));
        all.put("of a key without a name", signed(forged, new JWSHeader.Builder(JWSAlgorithm.RS256)));
        all.put("jku", signed(forged, header("forged").jwkURL(URI.create(lure))));
        all.put("x5u", signed(forged, header("forged").x509CertURL(URI.create(lure))));
        all.put("jwk", signed(forged, header("forged").jwk(forged.toPublicJWK())));
        all.put("expired", signed(claims -> claims.expirationTime(Date.from(now.minusSeconds(90)))));
        all.put("for ever", signed(claims -> claims.expirationTime(null)));
        all.put("not yet", signed(claims -> claims.notBeforeTime(Date.from(now.plusSeconds(90)))));
        all.put("of nobody", signed(claims -> claims.subject(null)));
        all.put("of a name that would break the log", signed(claims -> claims.subject("a\nb")));
        all.put("for another use", signed(rsa, header("rsa").type(new JOSEObjectType("logout+jwt"))));
        all.put(
                "with an extension that must be understood",
                signed(rsa, header("rsa").criticalParams(Set.of("x")).customParam("x", 1)));
        all.put("truncated", good.substring(0, good.length() - 20));
        all.put("without its signature", parts[0] + "." + parts[1] + ".");
        all.put("without its last part", parts[0] + "." + parts[1]);
        all.put(
                "changed",
                parts[0] + "."
                        + encoded(claims(claims -> claims.subject("root")).toString()) + "." + parts[2]);
        all.put(
                "elliptic with a signature of zeros",
                encoded("{\"alg\":\"ES256\",\"kid\":\"elliptic\"}") + "." + parts[1] + "."
                        + Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[64]));
        all.put("nothing", ".");
        all.put("no token", "abc");
        assertThat(all.size()).isGreaterThan(12);
        return all;
    }

    private static JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> change) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(name)
                .subject("agent-7")
                .audience(AUDIENCE)
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .claim("realm_access", Map.of("roles", List.of("reader", "offline_access")));
        change.accept(claims);
        return claims.build();
    }

    private static String signed(Consumer<JWTClaimsSet.Builder> change) throws Exception {
        return signed(new RSASSASigner(rsa), header("rsa").type(JOSEObjectType.JWT), change);
    }

    private static String signed(RSAKey key, JWSHeader.Builder header) throws Exception {
        return signed(new RSASSASigner(key), header, claims -> {});
    }

    private static String elliptic(Consumer<JWSHeader.Builder> change) throws Exception {
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("elliptic");
        change.accept(header);
        return signed(new ECDSASigner(elliptic), header, claims -> {});
    }

    private static String hmac(byte[] secret) throws Exception {
        return signed(new MACSigner(secret), new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa"), claims -> {});
    }

    private static String signed(JWSSigner signer, JWSHeader.Builder header, Consumer<JWTClaimsSet.Builder> change)
            throws Exception {
        SignedJWT token = new SignedJWT(header.build(), claims(change));
        token.sign(signer);
        return token.serialize();
    }

    private static JWSHeader.Builder header(String key) {
        return new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key);
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int status(String token) throws IOException, InterruptedException {
        return service.get(READ, bearer(token)).statusCode();
    }

    private static String bearer(String token) {
        return "Authorization: Bearer " + token;
    }

    private static HttpServer server(int port) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.start();
        return server;
    }

    private static void answer(HttpServer server, String path, AtomicInteger count, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            count.incrementAndGet();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
    }
}
