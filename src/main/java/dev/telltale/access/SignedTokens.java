package dev.telltale.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.telltale.http.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtAudienceValidator;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/// Tokens of one issuer: signed by one of its keys with an algorithm of two keys, meant for this service, in their
/// time. They say their roles in a claim.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc8725">RFC 8725</a>, best practices for JWT
final class SignedTokens implements Tokens {

    private static final Logger LOG = LoggerFactory.getLogger(SignedTokens.class);
    private static final int LONGEST = 8 << 10;
    private static final Duration SKEW = Duration.ofSeconds(60);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);
    private static final long PATIENCE_MILLIS = Duration.ofSeconds(10).toMillis();
    private static final Duration BETWEEN_READS = Duration.ofSeconds(10);
    private static final int MOST_REFUSED = 10_000;

    /// Not those of one key: a public key, which everybody has, would do as theirs.
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    /// Hashes of tokens that were wrong a moment ago, so that who shows one again and again costs little.
    private final Cache<ByteBuffer, Boolean> refused = Caffeine.newBuilder()
            .maximumSize(MOST_REFUSED)
            .expireAfterWrite(BETWEEN_READS) // as soon as the issuer could be asked for a key that was missing
            .executor(Runnable::run)
            .build();

    private final IssuerKeys keys;
    private final NimbusJwtDecoder decoder;
    private final String rolesClaim;

    /// @param rolesClaim name of the claim, or the path to it with dots
    SignedTokens(IssuerKeys keys, String issuer, String audience, String rolesClaim) {
        this(
                keys,
                issuer,
                audience,
                rolesClaim,
                new KeysLast(Duration.ofMinutes(5), Duration.ofHours(4), BETWEEN_READS));
    }

    /// How long keys that were read are used.
    ///
    /// @param untilRead before they are read again
    /// @param withoutIssuer and while they cannot be
    /// @param betweenReads how long at least
    record KeysLast(Duration untilRead, Duration withoutIssuer, Duration betweenReads) {}

    SignedTokens(IssuerKeys keys, String issuer, String audience, String rolesClaim, KeysLast last) {
        this.keys = keys;
        this.rolesClaim = rolesClaim;
        JWKSource<SecurityContext> source = JWKSourceBuilder.create(keys)
                .cache(last.untilRead().toMillis(), PATIENCE_MILLIS)
                .refreshAheadCache(false)
                .rateLimited(last.betweenReads().toMillis()) // else each forged key id would make the service ask
                .outageTolerant(last.withoutIssuer().toMillis())
                .build();
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, source));
        processor.setJWSTypeVerifier(new DefaultJOSEObjectTypeVerifier<>(
                new JOSEObjectType("at+jwt"), new JOSEObjectType("application/at+jwt"), JOSEObjectType.JWT, null));
        processor.setJWTClaimsSetVerifier((claims, context) -> {}); // the decoder does it below
        JwtTimestampValidator times = new JwtTimestampValidator(SKEW);
        times.setAllowEmptyExpiryClaim(false);
        decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                times, new JwtIssuerValidator(issuer), new JwtAudienceValidator(audience)));
    }

    @Override
    public Recognition check(String token) {
        if (token.length() > LONGEST) {
            return new Recognition.Stranger();
        }
        ByteBuffer hash = ByteBuffer.wrap(Sha256.digest().digest(token.getBytes(StandardCharsets.UTF_8)));
        if (refused.getIfPresent(hash) != null) {
            return new Recognition.Stranger();
        }
        Recognition recognition = look(token);
        if (recognition instanceof Recognition.Stranger) {
            refused.put(hash, true);
        }
        return recognition;
    }

    private Recognition look(String token) {
        try {
            return recognition(decoder.decode(token));
        } catch (BadJwtException bad) {
            LOG.debug("A token is not valid: {}", bad.getMessage());
            return new Recognition.Stranger();
        } catch (JwtException noKeys) {
            if (keys.wereRead()) {
                LOG.debug("A token names a key that the issuer did not have when it was asked last");
                return new Recognition.Stranger();
            }
            LOG.warn("The keys of the issuer cannot be read: {}", noKeys.getMessage());
            return new Recognition.Undecided(AccessProblem.ISSUER_UNAVAILABLE
                    .because("the issuer of tokens does not answer; try again in a moment, or show a key")
                    .retryAfter(RETRY_AFTER));
        }
    }

    private Recognition recognition(Jwt token) {
        String subject = token.getSubject();
        if (subject == null || !subject.matches("[ -~]{1,255}")) {
            LOG.debug("A token has no subject that could be written down");
            return new Recognition.Stranger();
        }
        return new Recognition.Known(new Caller("jwt:" + subject, roles(token.getClaims())));
    }

    /// The roles of this service among those that the token says.
    private Set<Role> roles(Map<String, Object> claims) {
        @Nullable Object said = claims.get(rolesClaim);
        if (said == null) {
            said = claims;
            for (String name : rolesClaim.split("\\.", -1)) {
                said = said instanceof Map<?, ?> object ? object.get(name) : null;
            }
        }
        Stream<String> words = switch (said) {
            case String text -> Arrays.stream(text.split(" ", -1));
            case Collection<?> list -> list.stream().map(Objects::toString);
            case null, default -> Stream.empty();
        };
        Set<Role> roles = EnumSet.noneOf(Role.class);
        List<Role> known = words.map(Role::of).flatMap(Optional::stream).toList();
        roles.addAll(known);
        return roles;
    }
}
