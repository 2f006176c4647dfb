package dev.telltale.http;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.util.Optional;

/// The bytes of one request on their way, those that come and those that go: how long its caller has let the service
/// wait. While it waits, the request's place is free for others.
final class Transfer {

    /// A caller slower than this is cut off, once it has been waited for as long as there is patience.
    private static final long BYTES_PER_SECOND = 1024;

    /// Of a body that nobody wants, so much is read to keep the connection.
    private static final long MOST_DRAINED = 2 << 20;

    /// Bytes after which a request lets others run: a thread that only computes would keep its core.
    private static final int BYTES_OF_A_TURN = 1 << 16;

    private static final String ATTRIBUTE = Transfer.class.getName();

    private final SlowCallers watch;
    private final String connection;
    private final long patience;
    private final Gate.Place place;
    private int sinceOthersRan;
    private long read;
    private long waitedToRead;
    private boolean isCut;
    private volatile boolean isWriting;
    private volatile long writingSince;

    /// @param watch looks at it until it ends
    /// @param connection its id
    /// @param patience nanoseconds
    Transfer(SlowCallers watch, String connection, long patience, Gate.Place place) {
        this.watch = watch;
        this.connection = connection;
        this.patience = patience;
        this.place = place;
    }

    /// The one of a request, absent if the request was refused before it had one.
    static Optional<Transfer> of(ServletRequest request) {
        return Optional.ofNullable((Transfer) request.getAttribute(ATTRIBUTE));
    }

    void attachTo(ServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    String connection() {
        return connection;
    }

    /// Something that reads or writes, and may have to wait for the caller.
    @FunctionalInterface
    interface Step<T> {
        T take() throws IOException;
    }

    /// Reads some of the body.
    ///
    /// @param waits whether none of it is there yet
    /// @throws CallerTooSlow if it comes too slowly, all in all
    int read(boolean waits, Step<Integer> step) throws IOException {
        int count = waits ? waitToRead(step) : step.take();
        read += Math.max(0, count);
        letOthersRun(count);
        return count;
    }

    private int waitToRead(Step<Integer> step) throws IOException {
        place.rest();
        long began = System.nanoTime();
        int count;
        try {
            count = step.take();
        } finally {
            waitedToRead += System.nanoTime() - began;
            place.goOn();
        }
        if (isTooSlow() && count >= 0) {
            isCut = true;
            watch.cutBody();
            throw new CallerTooSlow();
        }
        return count;
    }

    private boolean isTooSlow() {
        return waitedToRead > patience && read < waitedToRead / 1_000_000_000.0 * BYTES_PER_SECOND;
    }

    /// Writes some of the answer.
    ///
    /// @param mayFlush whether it may go out on the wire, so that the caller may let it wait
    void write(int bytes, boolean mayFlush, Step<Boolean> step) throws IOException {
        if (mayFlush) {
            place.rest();
        }
        beginWriting();
        try {
            step.take();
        } finally {
            endWriting();
            if (mayFlush) {
                place.goOn();
            }
        }
        letOthersRun(bytes);
    }

    /// Begins to wait for the caller to take what was written.
    void beginWriting() {
        writingSince = System.nanoTime();
        isWriting = true;
    }

    void endWriting() {
        isWriting = false;
    }

    /// Nanoseconds that the caller has taken nothing of what is being written now; 0 if nothing is.
    long writingFor() {
        return isWriting ? System.nanoTime() - writingSince : 0;
    }

    /// Reads what nobody read of a body, so that its connection can serve another request.
    ///
    /// @return whether the body has come to its end
    boolean drain(Step<Integer> body) {
        long end = System.nanoTime() + patience;
        try {
            for (long drained = 0; !isCut && drained < MOST_DRAINED && System.nanoTime() < end; ) {
                int count = read(true, body);
                if (count < 0) {
                    return true;
                }
                drained += count;
            }
        } catch (IOException callerIsSlowOrHasGone) {
            return false;
        }
        return false;
    }

    void end() {
        watch.end(this);
    }

    @SuppressWarnings("ThreadPriorityCheck") // virtual threads share the cores only as they let each other run
    private void letOthersRun(int bytes) {
        sinceOthersRan += Math.max(0, bytes);
        if (sinceOthersRan >= BYTES_OF_A_TURN) {
            sinceOthersRan = 0;
            Thread.yield();
        }
    }
}
