package dev.telltale.http;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.net.SocketTimeoutException;
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

    /// Nanoseconds for which a request keeps its place while its caller is waited for once.
    private static final long SHORT_WAIT = 10_000_000;

    /// Nanoseconds for which it does so while its body comes, all in all. Somebody else would begin in its place and
    /// then be in its way: of bodies that come in many pieces far more would be begun than there are places.
    private static final long SHORT_WAITS = 50_000_000;

    private static final String ATTRIBUTE = Transfer.class.getName();

    private final SlowCallers watch;
    private final String connection;
    private final long patience;
    private final Gate.Place place;
    private int sinceOthersRan;
    private boolean isCut; // as are those that follow, guarded by this object: the clock looks at them too
    private long read;
    private long waitedToRead;
    private Waiting waiting = Waiting.NOT;
    private long waitingSince;

    /// What the caller is waited for to do.
    private enum Waiting {
        NOT,
        TO_SEND,
        TO_TAKE
    }

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
        if (waits && waitedToRead > SHORT_WAITS) {
            place.rest();
        }
        begin(Waiting.TO_SEND);
        int count = -1;
        try {
            count = step.take();
        } finally {
            endReading(count);
        }
        letOthersRun(count);
        return count;
    }

    /// @throws CallerTooSlow whatever else happened, if it was too slow until now
    private void endReading(int count) throws CallerTooSlow {
        boolean isTooSlow;
        synchronized (this) {
            waitedToRead += waitingFor(Waiting.TO_SEND);
            waiting = Waiting.NOT;
            read += Math.max(0, count);
            if (!isCut && count >= 0 && isTooSlow(waitedToRead)) {
                isCut = true;
                watch.cutBody();
            }
            isTooSlow = isCut;
        }
        place.goOn();
        if (isTooSlow) {
            throw new CallerTooSlow();
        }
    }

    private boolean isTooSlow(long waited) {
        return waited > patience && read < waited / 1_000_000_000.0 * BYTES_PER_SECOND;
    }

    /// Writes some of the answer.
    void write(int bytes, Step<Boolean> step) throws IOException {
        begin(Waiting.TO_TAKE);
        try {
            step.take();
        } catch (IOException e) {
            if (isTimeout(e)) {
                watch.cutReader(this);
            }
            throw e;
        } finally {
            synchronized (this) {
                waiting = Waiting.NOT;
            }
            place.goOn();
        }
        letOthersRun(bytes);
    }

    private static boolean isTimeout(Throwable failure) {
        return failure instanceof SocketTimeoutException
                || (failure.getCause() != null && isTimeout(failure.getCause()));
    }

    private synchronized void begin(Waiting what) {
        waiting = what;
        waitingSince = System.nanoTime();
    }

    /// Nanoseconds; 0 if the caller is not waited for to do this.
    private long waitingFor(Waiting what) {
        return waiting == what ? System.nanoTime() - waitingSince : 0;
    }

    /// Lets others have the place of a caller who is waited for in earnest. Most answers are taken at once: who gave
    /// its place up for each piece of them would come last again and again.
    synchronized void letOthersIn() {
        if (Math.max(waitingFor(Waiting.TO_SEND), waitingFor(Waiting.TO_TAKE)) > SHORT_WAIT) {
            place.rest();
        }
    }

    /// Whether the caller has taken nothing for too long of what is being written now.
    synchronized boolean isTakenTooSlowly() {
        return waitingFor(Waiting.TO_TAKE) > patience;
    }

    /// Cuts a body that is being waited for and comes too slowly: bytes of its framing may come for ever without
    /// one of the body, and who reads it does not see them.
    ///
    /// @return whether it was cut now, so that the wait must be ended
    synchronized boolean cutIfTooSlow() {
        if (isCut || waiting != Waiting.TO_SEND || !isTooSlow(waitedToRead + waitingFor(Waiting.TO_SEND))) {
            return false;
        }
        isCut = true;
        watch.cutBody();
        return true;
    }

    /// Whether its body was cut since it came too slowly.
    synchronized boolean isCut() {
        return isCut;
    }

    /// Reads what nobody read of a body, so that its connection can serve another request.
    ///
    /// @return whether the body has come to its end
    boolean drain(Step<Integer> body) {
        long end = System.nanoTime() + patience;
        try {
            for (long drained = 0; !isCut() && drained < MOST_DRAINED && System.nanoTime() < end; ) {
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
