package dev.telltale.http;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.springframework.http.HttpMethod;

/// An answer that is written while it is made, since it may be long.
public final class StreamedAnswer {

    /// Bytes that wait before the first leaves: a failure until then is answered as a problem.
    private static final int HELD_BACK = 1 << 16;

    private StreamedAnswer() {}

    /// What is to be written. It must not end what it has begun when it fails: a JSON document that is cut
    /// short must not look whole.
    @FunctionalInterface
    public interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Answers 200 with this body. Of one that fails after its beginning the connection breaks, which tells
    /// the caller that it is not whole. Who asked with HEAD gets the headers.
    public static void write(HttpServletRequest request, HttpServletResponse response, String mediaType, Body body)
            throws IOException {
        response.setCharacterEncoding("UTF-8");
        response.setContentType(mediaType);
        response.setBufferSize(HELD_BACK);
        if (HttpMethod.HEAD.matches(request.getMethod())) {
            return;
        }
        try {
            body.writeTo(response.getOutputStream());
        } catch (RuntimeException e) {
            if (!response.isCommitted()) {
                response.resetBuffer();
            }
            throw e;
        }
    }
}
