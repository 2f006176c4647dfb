package dev.telltale.http;

import dev.telltale.problem.Problem;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;

/// Answers of one route that are streams of server-sent events. Only so many are open at a time, since each lasts.
public final class EventStreams {

    /// Streams of one route that may be open at a time.
    public static final int MOST = 64;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(10);

    private final Semaphore free = new Semaphore(MOST);
    private final Supplier<Problem> tooMany;

    /// @param tooMany what hears who comes while `MOST` are open
    public EventStreams(Supplier<Problem> tooMany) {
        this.tooMany = tooMany;
    }

    /// Writes events until there is no more to tell, or nobody to tell.
    @FunctionalInterface
    public interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Answers 200 with these events. Who asked with HEAD gets the headers, however many streams are open.
    ///
    /// @throws Problem if as many are open as may
    public void answer(HttpMethod method, HttpServletResponse response, Body body) throws IOException {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding("UTF-8");
        response.setHeader("X-Accel-Buffering", "no"); // or nginx holds events back
        if (method.equals(HttpMethod.HEAD)) {
            return;
        }
        if (!free.tryAcquire()) {
            throw tooMany.get().retryAfter(RETRY_AFTER);
        }
        GatePlace.leave();
        try {
            body.writeTo(response.getOutputStream());
        } finally {
            free.release();
        }
    }
}
