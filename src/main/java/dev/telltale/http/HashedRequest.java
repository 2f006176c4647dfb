package dev.telltale.http;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request whose body is hashed while it is read, so that nobody has to keep it.
final class HashedRequest extends HttpServletRequestWrapper {

    private static final int CHUNK = 8_192;

    private final MessageDigest digest = Sha256.digest();
    private @Nullable BlockingBody body;

    HashedRequest(HttpServletRequest request) {
        super(request);
        String query = Optional.ofNullable(request.getQueryString()).orElse("");
        String line = request.getMethod() + ' ' + request.getRequestURI() + '?' + query + '\n';
        digest.update(line.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            body = new BlockingBody(new DigestInputStream(super.getInputStream(), digest));
        }
        return body;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }

    /// SHA-256 of method, path, query and body, after what is left of the body was read: 64 hexadecimal digits.
    String fingerprint() throws IOException {
        ServletInputStream rest = getInputStream();
        byte[] buffer = new byte[CHUNK];
        while (rest.read(buffer) >= 0) {
            // hashed by the stream
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
