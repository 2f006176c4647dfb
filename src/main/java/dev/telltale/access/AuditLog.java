package dev.telltale.access;

import dev.telltale.http.Json;
import dev.telltale.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.ObjectWriter;

/// The log of changes and refusals: a line of JSON each, only ever added to.
///
/// A change is made only while the log can be written (`require`), and answered only when its line is on disk
/// (`record`); changes at the same time share one `fsync`. A line that cannot be written waits in memory and is
/// written before any other: until then no change is made. Refusals are written without waiting for the disk.
final class AuditLog implements AutoCloseable {

    static final String DIRECTORY = "audit";

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
    private static final int MOST_WAITING = 1_000;
    private static final int ATTEMPTS = 3;

    private final AuditFiles files;
    private final AuditProperties properties;
    private final ObjectWriter json;
    private final AccessMeters meters;

    private final ReentrantLock writing = new ReentrantLock();
    private final ReentrantLock forcing = new ReentrantLock();
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>(); // this and the following guarded by writing
    private @Nullable FileChannel channel;
    private @Nullable Object identity;
    private long size;
    private long written;
    private boolean doubtful;
    private boolean failed;
    /// Lines that are on disk, of those written.
    private final AtomicLong forced = new AtomicLong();

    AuditLog(Path dataDirectory, AuditProperties properties, Json json, AccessMeters meters) {
        this.files = new AuditFiles(dataDirectory.resolve(DIRECTORY));
        this.properties = properties;
        this.json = json.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
        this.meters = meters;
    }

    /// Lets a change begin.
    ///
    /// @throws Problem if the log cannot be written now
    void require() {
        writing.lock();
        try {
            flush();
        } catch (IOException e) {
            throw unavailable(e, "nothing was changed");
        } finally {
            writing.unlock();
        }
    }

    /// Writes a line that is on disk when this returns.
    ///
    /// @throws Problem if it is not; it may come there later
    void record(AuditEvent event) {
        try {
            force(append(event));
        } catch (IOException e) {
            throw unavailable(e, "the change was made, but the log does not tell of it yet");
        }
    }

    /// Writes a line, or counts that it could not.
    void note(AuditEvent event) {
        try {
            append(event);
        } catch (IOException e) {
            tell(e);
        }
    }

    /// The files as they are now, for who reads them.
    AuditReader reader() {
        return new AuditReader(files, writing);
    }

    /// @return how many lines were written, this one included
    private long append(AuditEvent event) throws IOException {
        byte[] line = (json.writeValueAsString(event) + "\n").getBytes(StandardCharsets.US_ASCII);
        writing.lock();
        try {
            if (waiting.size() >= MOST_WAITING) {
                meters.unaudited();
                throw new IOException("too many lines wait to be written");
            }
            waiting.add(line);
            flush();
            return written;
        } finally {
            writing.unlock();
        }
    }

    /// Writes what waits, into the file that lies in the place now: who rotates logs may have moved the one before.
    private void flush() throws IOException {
        try {
            FileChannel out = open();
            while (!waiting.isEmpty()) {
                byte[] line = waiting.element();
                if (size > 0 && size + line.length > properties.fileSize().toBytes()) {
                    out = rotate();
                }
                ByteBuffer left = ByteBuffer.wrap(line);
                while (left.hasRemaining()) {
                    out.write(left);
                }
                size += line.length;
                written++;
                waiting.remove();
                meters.audited();
            }
            if (failed) {
                failed = false;
                LOG.info("The log of changes is written again");
            }
        } catch (IOException e) {
            shut();
            throw e;
        }
    }

    private FileChannel open() throws IOException {
        FileChannel now = channel;
        if (now != null && now.isOpen() && isInPlace()) {
            return doubtful ? rotate() : now;
        }
        shut();
        now = files.openToAppend();
        channel = now;
        identity = files.identity();
        size = now.size();
        return doubtful ? rotate() : now;
    }

    private boolean isInPlace() throws IOException {
        try {
            return files.identity().equals(identity);
        } catch (NoSuchFileException moved) {
            return false;
        }
    }

    private FileChannel rotate() throws IOException {
        FileChannel full = channel;
        if (full != null && full.isOpen()) {
            if (!doubtful) {
                full.force(true);
                forced.accumulateAndGet(written, Math::max);
            }
            full.close();
        }
        channel = null;
        files.rotate(properties.files() - 1);
        doubtful = false;
        FileChannel next = files.openToAppend();
        channel = next;
        identity = files.identity();
        size = next.size();
        return next;
    }

    /// Waits until this many lines are on disk.
    private void force(long lines) throws IOException {
        forcing.lock();
        try {
            for (int attempt = 1; forced.get() < lines; attempt++) {
                FileChannel tail;
                long reached;
                writing.lock();
                try {
                    tail = open();
                    reached = written;
                } finally {
                    writing.unlock();
                }
                try {
                    tail.force(false);
                    forced.accumulateAndGet(reached, Math::max);
                } catch (ClosedChannelException rotatedMeanwhile) {
                    if (attempt == ATTEMPTS) {
                        throw rotatedMeanwhile;
                    }
                }
            }
        } catch (ClosedChannelException e) {
            throw e;
        } catch (IOException e) {
            doubt();
            throw e;
        } finally {
            forcing.unlock();
        }
    }

    /// After an `fsync` that failed nobody knows what of the file is on disk, and a second one would not tell: the
    /// next line begins a new file.
    private void doubt() {
        writing.lock();
        try {
            doubtful = true;
            shut();
        } finally {
            writing.unlock();
        }
    }

    private void shut() {
        FileChannel open = channel;
        channel = null;
        if (open == null) {
            return;
        }
        try (open) {
            if (open.isOpen() && !doubtful) {
                open.force(true); // it may have been moved away with lines that nobody else will bring to disk
            }
        } catch (IOException e) {
            doubtful = true;
        }
    }

    private Problem unavailable(IOException cause, String consequence) {
        tell(cause);
        boolean full = String.valueOf(cause.getMessage()).contains("No space left");
        return (full ? AuditProblem.AUDIT_FULL : AuditProblem.AUDIT_UNAVAILABLE)
                .because(
                        "%s: the log of changes in %s of the data directory cannot be written; the service's log says"
                                + " why. Samples are taken and scored all the same",
                        consequence, DIRECTORY)
                .retryAfter(RETRY_AFTER);
    }

    private void tell(IOException cause) {
        writing.lock();
        try {
            if (!failed) {
                failed = true;
                LOG.error("The log of changes cannot be written. Nothing is changed until it can", cause);
            }
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        writing.lock();
        try {
            if (!waiting.isEmpty()) {
                flush();
            }
        } catch (IOException e) {
            LOG.error("The log of changes could not be written to its end", e);
        } finally {
            shut();
            writing.unlock();
        }
    }
}
