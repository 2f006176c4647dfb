package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SignedTokensTest {

    private static final String NAME = "http://127.0.0.1/realm";

    @Test
    void cannotTellOnceTheKeysHaveExpiredAndTheIssuerDoesNotAnswer() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
        ECKey unknown = new ECKeyGenerator(Curve.P_256).keyID("two").generate();
        HttpServer issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] keys = new JWKSet(List.of(key.toPublicJWK())).toString().getBytes(StandardCharsets.UTF_8);
        issuer.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        issuer.start();
        SignedTokens tokens;
        try {
            URI place = URI.create("http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys");
            tokens = new SignedTokens(
                    new IssuerKeys(URI.create(NAME), Optional.of(place)),
                    NAME,
                    "telltale",
                    "roles",
                    new SignedTokens.KeysLast(Duration.ofMillis(300), Duration.ofMillis(600), Duration.ofMillis(50)));
            assertThat(tokens.check(token(key, "agent"))).isInstanceOf(Recognition.Known.class);
            for (int i = 0; i < 5; i++) { // more often than the issuer may be asked
                assertThat(tokens.check(token(unknown, "agent-" + i))).isInstanceOf(Recognition.Stranger.class);
            }
        } finally {
            issuer.stop(0);
        }
        Recognition now = tokens.check(token(key, "agent"));
        for (Instant end = Instant.now().plusSeconds(20);
                now instanceof Recognition.Known && Instant.now().isBefore(end); ) {
            Thread.sleep(20);
            now = tokens.check(token(key, "agent"));
        }
        assertThat(now).as("of a token that was right all the time").isInstanceOf(Recognition.Undecided.class);
    }

    private static String token(ECKey key, String subject) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(),
                new JWTClaimsSet.Builder()
                        .issuer(NAME)
                        .subject(subject)
                        .audience("telltale")
                        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                        .build());
        token.sign(new ECDSASigner(key));
        return token.serialize();
    }
}
