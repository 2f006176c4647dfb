package dev.telltale.ingest.firehose;

import dev.telltale.http.RouteCredential;
import dev.telltale.http.Sha256;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a sender has to know, as a hash. Where callers have to show who they are, it opens this route alone.
final class AccessKey implements RouteCredential {

    private final Optional<byte[]> hash;

    /// @param key empty if nobody may deliver
    AccessKey(String key) {
        hash = key.isEmpty() ? Optional.empty() : Optional.of(hash(key));
    }

    /// Whether there is a key at all.
    boolean isSet() {
        return hash.isPresent();
    }

    /// Whether this is the key. How long that takes tells nothing of it: hashes are compared, each to its end.
    boolean isGivenBy(@Nullable String header) {
        return hash.isPresent() && MessageDigest.isEqual(hash.get(), hash(header == null ? "" : header));
    }

    @Override
    public Optional<String> caller(HttpServletRequest request) {
        return request.getRequestURI().equals(FirehoseController.PATH)
                        && isGivenBy(request.getHeader(FirehoseController.ACCESS_KEY))
                ? Optional.of("firehose")
                : Optional.empty();
    }

    private static byte[] hash(String key) {
        return Sha256.digest().digest(key.getBytes(StandardCharsets.UTF_8));
    }
}
