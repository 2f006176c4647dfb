package dev.telltale.access;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// The credentials of a request as they stand in it, looked at by nobody yet.
///
/// @param authorization the header of this name, or null
/// @param accessKey the header in which Amazon Data Firehose sends its key, or null
record Presented(@Nullable String authorization, @Nullable String accessKey) {

    private static final Pattern KEY = Pattern.compile("tt_([A-Za-z0-9]{1,64})_.*");
    private static final Pattern SCHEME = Pattern.compile("(?i)(bearer|basic) +(.*)");

    static Presented by(HttpServletRequest request) {
        return new Presented(request.getHeader(HttpHeaders.AUTHORIZATION), request.getHeader(Credentials.FIREHOSE_KEY));
    }

    /// Whether there are any.
    boolean isAny() {
        return authorization != null || accessKey != null;
    }

    /// The id within a key, which is no secret; empty if these credentials are none of our keys.
    Optional<String> keyId() {
        return Optional.ofNullable(authorization)
                .flatMap(Presented::key)
                .or(() -> Optional.ofNullable(accessKey))
                .map(KEY::matcher)
                .filter(Matcher::matches)
                .map(key -> key.group(1));
    }

    private static Optional<String> key(String authorization) {
        Matcher scheme = SCHEME.matcher(authorization);
        if (!scheme.matches()) {
            return Optional.empty();
        }
        return scheme.group(1).equalsIgnoreCase("bearer")
                ? Optional.of(scheme.group(2))
                : password(scheme.group(2).strip());
    }

    /// The password within Basic credentials, behind the first colon: the user's name may be any.
    static Optional<String> password(String basic) {
        try {
            String pair = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8);
            return Optional.of(pair.substring(pair.indexOf(':') + 1));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
