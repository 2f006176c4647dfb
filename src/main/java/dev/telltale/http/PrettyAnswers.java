package dev.telltale.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lays out each JSON answer for people if the query says `pretty` or `pretty=true`: problems and streamed
/// answers too, while they are written. Other forms stay as they are.
final class PrettyAnswers extends OncePerRequestFilter {

    /// Name of the parameter, which every route knows.
    static final String PARAMETER = "pretty";

    /// What it may be; empty where it stands alone.
    static final Set<String> VALUES = Set.of("", "true", "false");

    private static final Set<String> ASKING = Set.of(PARAMETER, PARAMETER + "=", PARAMETER + "=true");

    private static final Pattern JSON = Pattern.compile("(?i)application/([a-z0-9.-]+\\+)?json\\s*(;.*)?");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isAskedBy(request)) {
            Pretty pretty = new Pretty(response);
            chain.doFilter(request, pretty);
            pretty.end();
        } else {
            chain.doFilter(request, response);
        }
    }

    /// Whether a request wants it. The query itself is asked: parameters may come from a body, which is not
    /// to be read here.
    static boolean isAskedBy(HttpServletRequest request) {
        String query = Optional.ofNullable(request.getQueryString()).orElse("");
        return Arrays.stream(query.split("&", -1)).anyMatch(ASKING::contains);
    }

    /// An answer whose length is not known before it is laid out.
    private static final class Pretty extends HttpServletResponseWrapper {

        private @Nullable Body body;

        Pretty(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            if (body == null) {
                body = new Body(super.getOutputStream());
            }
            return body;
        }

        @Override
        public void resetBuffer() {
            super.resetBuffer();
            body = null;
        }

        @Override
        public void reset() {
            super.reset();
            body = null;
        }

        @Override
        public void setContentLength(int length) {
            if (!isJson()) {
                super.setContentLength(length);
            }
        }

        @Override
        public void setContentLengthLong(long length) {
            if (!isJson()) {
                super.setContentLengthLong(length);
            }
        }

        @Override
        public void setHeader(String name, @Nullable String value) {
            if (!isLengthOfJson(name)) {
                super.setHeader(name, value);
            }
        }

        @Override
        public void addHeader(String name, @Nullable String value) {
            if (!isLengthOfJson(name)) {
                super.addHeader(name, value);
            }
        }

        /// Ends the last line, so that the prompt of a shell stands on its own.
        private void end() throws IOException {
            if (body != null && body.written && isJson()) {
                body.plain.write('\n');
            }
        }

        private boolean isLengthOfJson(String name) {
            return name.equalsIgnoreCase(HttpHeaders.CONTENT_LENGTH) && isJson();
        }

        private boolean isJson() {
            return Optional.ofNullable(getContentType())
                    .filter(type -> JSON.matcher(type).matches())
                    .isPresent();
        }

        private final class Body extends PassedOnBody {

            private final ServletOutputStream plain;
            private final PrettyJson pretty;
            private boolean written;

            Body(ServletOutputStream plain) {
                super(plain);
                this.plain = plain;
                this.pretty = new PrettyJson(plain);
            }

            /// The type of the answer is known by now.
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                written = true;
                OutputStream out = isJson() ? pretty : plain;
                out.write(bytes, offset, length);
            }

            @Override
            public void close() throws IOException {
                end();
                written = false;
                super.close();
            }
        }
    }
}
