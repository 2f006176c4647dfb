package dev.telltale.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/// The heap that requests of one protocol may take at the same time while they are decoded: their bodies, and
/// about what becomes of them. Who needs more than is left hears at once that it may try again.
public final class WorkingMemory {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final int STEP = 64 << 10;
    private static final int BYTES_OF_A_SAMPLE = 100;
    private static final int BYTES_OF_A_SERIES = 400;

    private final long limit;
    private final AtomicLong used = new AtomicLong();

    /// @param limit bytes
    public WorkingMemory(long limit) {
        this.limit = limit;
    }

    /// A quarter of what the heap may grow to.
    public static WorkingMemory ofTheHeap() {
        return new WorkingMemory(Runtime.getRuntime().maxMemory() / 4);
    }

    /// A part of it, none at first.
    public Part part() {
        return new Part();
    }

    /// What one request takes, until it is closed.
    public final class Part implements AutoCloseable {

        private long taken;

        private Part() {}

        /// Takes about what it needs to store new samples: what was added, what the store sorts, and what listeners
        /// hear of.
        ///
        /// @param series those of them that were not among the request's before
        public void takeFor(long samples, long series) {
            take(samples * BYTES_OF_A_SAMPLE + series * BYTES_OF_A_SERIES);
        }

        /// Takes more.
        ///
        /// @throws dev.telltale.problem.Problem `TOO_MUCH_AT_ONCE` if this request alone is above the limit,
        ///     `BUSY` if others have the rest
        public void take(long bytes) {
            if (taken + bytes > limit) {
                throw IngestProblem.TOO_MUCH_AT_ONCE.because(
                        "decoding this request takes more than the %d bytes of heap there are for it; send it in parts",
                        limit);
            }
            if (used.addAndGet(bytes) > limit) {
                used.addAndGet(-bytes);
                throw IngestProblem.BUSY
                        .because("as many requests are being decoded as the heap allows; send it again")
                        .retryAfter(RETRY_AFTER);
            }
            taken += bytes;
        }

        /// Reads a body to its end; its filter limits its length.
        public byte[] read(InputStream body) throws IOException {
            ByteArrayOutputStream whole = new ByteArrayOutputStream(STEP);
            byte[] step = new byte[STEP];
            for (int count = body.read(step); count >= 0; count = body.read(step)) {
                take(2L * count); // a buffer that grows is there twice for a moment
                whole.write(step, 0, count);
            }
            return whole.toByteArray();
        }

        @Override
        public void close() {
            used.addAndGet(-taken);
            taken = 0;
        }
    }
}
