package dev.telltale.access;

import dev.telltale.http.Json;
import dev.telltale.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.ObjectWriter;

/// A log of events in files: a line of JSON each, only ever added to.
///
/// Changes at the same time share one `fsync`. A line that could not be written, or of which nobody
/// knows whether it is on disk, waits in memory and is written before any other: until then no change is made, and
/// after a failed `fsync` a line may stand twice. Other lines are written without waiting for the disk (`note`).
final class AuditFileLog implements AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditFileLog.class);

    private final AuditFiles files;
    private final AuditProperties properties;
    private final ObjectWriter json;
    private final AccessMeters meters;
    private final Force disk;

    /// Fair, so that who has a line to write goes before who brings lines to disk, and they share one `fsync`. It
    /// guards the following.
    private final ReentrantLock writing = new ReentrantLock(true);

    private final ArrayDeque<Line> waiting = new ArrayDeque<>();
    private final ArrayDeque<Line> unforced = new ArrayDeque<>(); // recorded ones, all of the open file
    private @Nullable FileChannel channel;
    private @Nullable Object identity;
    private long size;
    /// Whether no line of the open file is known to be on disk.
    private boolean fresh;

    private boolean doubtful;
    /// Whether changes were made that the disk does not tell of.
    private boolean owes;

    private boolean failed;
    private long recorded;
    private long counted;
    private long forced;

    /// Brings a file to disk, as `FileChannel.force` does.
    @FunctionalInterface
    interface Force {
        void of(FileChannel file, boolean metadata) throws IOException;
    }

    /// A line, as it is written.
    private static final class Line {

        private final long number;
        private final byte[] bytes;

        /// @param number among the recorded ones, or 0 of a line that the disk may lose
        /// @param bytes owned by this
        Line(long number, byte[] bytes) {
            this.number = number;
            this.bytes = bytes;
        }
    }

    AuditFileLog(AuditFiles files, AuditProperties properties, Json json, AccessMeters meters) {
        this(files, properties, json, meters, FileChannel::force);
    }

    AuditFileLog(AuditFiles files, AuditProperties properties, Json json, AccessMeters meters, Force disk) {
        this.files = files;
        this.properties = properties;
        this.json = json.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
        this.meters = meters;
        this.disk = disk;
    }

    @Override
    public void require() {
        writing.lock();
        try {
            flush();
            if (owes) {
                force();
            }
        } catch (IOException e) {
            throw unavailable(e, "nothing was changed");
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void record(AuditEvent event) {
        try {
            bring(append(event, true));
        } catch (IOException e) {
            owe();
            throw unavailable(e, "the change may have been made, but the log does not tell of it yet");
        }
    }

    @Override
    public String name() {
        return files.name();
    }

    @Override
    public void note(AuditEvent event) {
        try {
            append(event, false);
        } catch (IOException e) {
            tell(e);
        }
    }

    @Override
    public void catchUp() {
        writing.lock();
        try {
            if (!waiting.isEmpty()) {
                flush();
            }
        } catch (IOException e) {
            tell(e);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public AuditReader reader() {
        return new AuditFileReader(files, writing);
    }

    /// @return the number of a recorded line
    private long append(AuditEvent event, boolean isRecorded) throws IOException {
        byte[] bytes = (json.writeValueAsString(event) + "\n").getBytes(StandardCharsets.US_ASCII);
        writing.lock();
        try {
            if (waiting.size() >= MOST_WAITING) {
                meters.unaudited();
                throw new IOException("too many lines wait to be written");
            }
            Line line = new Line(isRecorded ? ++recorded : 0, bytes);
            waiting.add(line);
            flush();
            return line.number;
        } finally {
            writing.unlock();
        }
    }

    /// Waits until the recorded lines up to this number are on disk.
    private void bring(long number) throws IOException {
        writing.lock();
        try {
            if (forced < number) {
                flush(); // they wait again if bringing them to disk has failed meanwhile
                force();
            }
        } finally {
            writing.unlock();
        }
    }

    /// Writes what waits, into the file that lies in the place now: who rotates logs may have moved the one before.
    private void flush() throws IOException {
        try {
            FileChannel out = open();
            while (!waiting.isEmpty()) {
                Line line = waiting.element();
                if (size > 0 && size + line.bytes.length > properties.fileSize().toBytes()) {
                    out = rotate(out);
                }
                ByteBuffer left = ByteBuffer.wrap(line.bytes);
                while (left.hasRemaining()) {
                    out.write(left);
                }
                size += line.bytes.length;
                waiting.remove();
                if (line.number > 0) {
                    unforced.add(line);
                }
                if (line.number == 0 || line.number > counted) {
                    counted = Math.max(counted, line.number);
                    meters.audited();
                }
            }
            if (failed && !owes) {
                tellOfTheEnd();
            }
        } catch (IOException e) {
            shut();
            throw e;
        }
    }

    private FileChannel open() throws IOException {
        FileChannel now = channel;
        if (now != null && now.isOpen() && isInPlace()) {
            return now;
        }
        shut();
        if (doubtful) {
            startAnew();
        }
        return openCurrent();
    }

    private FileChannel openCurrent() throws IOException {
        FileChannel now = files.openToAppend();
        channel = now;
        identity = files.identity();
        size = now.size();
        fresh = size == 0;
        return now;
    }

    private boolean isInPlace() throws IOException {
        try {
            return files.identity().equals(identity);
        } catch (NoSuchFileException moved) {
            return false;
        }
    }

    private FileChannel rotate(FileChannel full) throws IOException {
        force(full, true);
        full.close();
        channel = null;
        files.rotate(properties.kept());
        return openCurrent();
    }

    /// Leaves the file of which nobody knows what is on disk. If that is all of it, nothing is lost with it: its lines
    /// wait. So a disk that fails for long does not fill the directory.
    private void startAnew() throws IOException {
        try {
            if (fresh && files.currentSize() <= size) { // or another process has added to it
                files.removeCurrent();
            } else {
                files.rotate(properties.kept());
            }
        } catch (NoSuchFileException gone) {
            LOG.debug("The file in doubt is no longer in its place", gone);
        }
        doubtful = false;
    }

    /// Brings what is written to disk.
    private void force() throws IOException {
        FileChannel out = channel;
        if (out != null && !unforced.isEmpty()) {
            force(out, false);
        }
    }

    /// After an `fsync` that failed nobody knows what of the file is on disk, and a second one would not tell: the
    /// lines wait again, and go to a new file.
    private void force(FileChannel out, boolean metadata) throws IOException {
        try {
            disk.of(out, metadata);
        } catch (IOException e) {
            doubtful = true;
            while (!unforced.isEmpty()) {
                waiting.addFirst(unforced.removeLast());
            }
            channel = null;
            out.close();
            throw e;
        }
        if (!unforced.isEmpty()) {
            forced = unforced.getLast().number;
            unforced.clear();
        }
        fresh = false;
        if (waiting.isEmpty()) {
            owes = false;
        }
        if (failed && !owes) {
            tellOfTheEnd();
        }
    }

    private void shut() {
        FileChannel open = channel;
        channel = null;
        if (open == null) {
            return;
        }
        try (open) {
            if (open.isOpen()) {
                force(open, true); // it may have been moved away with lines that nobody else will bring to disk
            }
        } catch (IOException e) {
            LOG.debug("The lines of a file of the log wait again", e);
        }
    }

    private Problem unavailable(IOException cause, String consequence) {
        tell(cause);
        boolean full = String.valueOf(cause.getMessage()).contains("No space left");
        return (full ? AuditProblem.AUDIT_FULL : AuditProblem.AUDIT_UNAVAILABLE)
                .because(
                        "%s: the log of changes in %s of the data directory cannot be written; the service's log says"
                                + " why. Samples are taken and scored all the same",
                        consequence, AuditFiles.DIRECTORY)
                .retryAfter(AuditLog.RETRY_AFTER);
    }

    private void tell(IOException cause) {
        writing.lock();
        try {
            if (!failed) {
                failed = true;
                LOG.error(
                        "The log of {} cannot be written. What must stand in it is not done until it can",
                        files.name(),
                        cause);
            }
        } finally {
            writing.unlock();
        }
    }

    private void owe() {
        writing.lock();
        try {
            owes = true;
        } finally {
            writing.unlock();
        }
    }

    private void tellOfTheEnd() {
        failed = false;
        LOG.info("The log of {} is written again", files.name());
    }

    @Override
    public void close() {
        writing.lock();
        try {
            if (!waiting.isEmpty()) {
                flush();
            }
        } catch (IOException e) {
            LOG.error("The log of {} could not be written to its end", files.name(), e);
        } finally {
            shut();
            writing.unlock();
        }
    }
}
