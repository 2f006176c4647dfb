package dev.telltale.http;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/// A request whose body is inflated and counted while it is read.
final class LimitedRequest extends HttpServletRequestWrapper {

    private final long limit;
    private final boolean gzip;
    private @Nullable BlockingBody body;

    LimitedRequest(HttpServletRequest request, long limit, boolean gzip) {
        super(request);
        this.limit = limit;
        this.gzip = gzip;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            InputStream raw = super.getInputStream();
            body = new BlockingBody(gzip ? new Inflated(raw, limit) : new LimitedInput(raw, limit));
        }
        return body;
    }

    @Override
    public BufferedReader getReader() throws IOException {
        return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
    }

    @Override
    public long getContentLengthLong() {
        return gzip ? -1 : super.getContentLengthLong();
    }

    @Override
    public int getContentLength() {
        return gzip ? -1 : super.getContentLength();
    }

    @Override
    public @Nullable String getHeader(String name) {
        boolean ofTheRawBody = name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH)
                || name.equalsIgnoreCase(HttpHeaders.CONTENT_ENCODING);
        return gzip && ofTheRawBody ? null : super.getHeader(name);
    }
}
