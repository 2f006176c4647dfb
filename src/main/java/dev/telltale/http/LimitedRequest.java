package dev.telltale.http;

import jakarta.servlet.ReadListener;
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
    private @Nullable Body body;

    LimitedRequest(HttpServletRequest request, long limit, boolean gzip) {
        super(request);
        this.limit = limit;
        this.gzip = gzip;
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (body == null) {
            InputStream raw = super.getInputStream();
            body = new Body(gzip ? new Inflated(raw, limit) : new LimitedInput(raw, limit));
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

    /// The stream as the servlet API wants it; nothing here reads without blocking.
    private static final class Body extends ServletInputStream {

        private final InputStream in;
        private boolean finished;

        private Body(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            int next = in.read();
            finished |= next < 0;
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            finished |= count < 0;
            return count;
        }

        @Override
        public boolean isFinished() {
            return finished;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new IllegalStateException("bodies are read by blocking");
        }
    }
}
