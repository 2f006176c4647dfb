package dev.telltale.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Writes server-sent events to one reader, each at once. What it writes says whether there is still somebody to
/// tell: a reader who goes is found out when the next text is for him.
///
/// @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
public final class EventWriter {

    private static final Duration BETWEEN_HEARTBEATS = Duration.ofSeconds(15);
    private static final String FIRST_LINE = "retry: 2000\n\n"; // milliseconds until a client comes back

    private final OutputStream out;
    private final LongSupplier nanoTime;
    private long lastSent;

    /// @param out not closed here
    /// @param nanoTime as `System.nanoTime` tells it
    public EventWriter(OutputStream out, LongSupplier nanoTime) {
        this.out = out;
        this.nanoTime = nanoTime;
        this.lastSent = nanoTime.getAsLong();
    }

    /// Begins the stream, before any event.
    ///
    /// @return whether there is still somebody to tell
    public boolean begin() {
        return write(FIRST_LINE);
    }

    /// Sends one event. None of its parts holds a line break, as JSON that is not laid out.
    ///
    /// @param id with which the reader says later what he has heard
    /// @return whether there is still somebody to tell
    public boolean send(String id, String name, String data) {
        return write("id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n");
    }

    /// Sends a sign of life if nothing was sent for 15 seconds.
    ///
    /// @return whether there is still somebody to tell
    public boolean beat() {
        boolean isDue = nanoTime.getAsLong() - lastSent >= BETWEEN_HEARTBEATS.toNanos();
        return !isDue || write(": still here\n\n");
    }

    private boolean write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
            lastSent = nanoTime.getAsLong();
            return true;
        } catch (IOException readerHasGone) {
            return false;
        }
    }
}
