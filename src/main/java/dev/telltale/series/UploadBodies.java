package dev.telltale.series;

import dev.telltale.jobs.PeriodicWork;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/// The bodies of uploads that wait for their job, decoded. They are on disk before a job is told of them, and
/// removed once none needs them: the periodic work removes what jobs that were cancelled, or a process that was
/// killed, left behind.
interface UploadBodies extends PeriodicWork {

    /// Writes a body down.
    ///
    /// @throws dev.telltale.problem.Problem if there is no room for it, or the store does not work now
    /// @throws UncheckedIOException if the body cannot be read to its end
    Arrival keep(InputStream body);

    /// The body of this name, to be closed by the caller.
    ///
    /// @throws IOException if there is none, or it cannot be read
    Body open(String name) throws IOException;

    /// What cannot be removed now is tried again with the next turn.
    void remove(String name);

    @Override
    default String name() {
        return "upload-bodies";
    }

    @Override
    default Duration interval() {
        return Duration.ofMinutes(10);
    }

    /// A body to be read.
    ///
    /// @param size in bytes
    record Body(InputStream content, long size) implements Closeable {

        @Override
        public void close() throws IOException {
            content.close();
        }
    }

    /// A body that is on disk and of which no job knows yet. Closed before one does, it is removed.
    final class Arrival implements AutoCloseable {

        private final String name = UUID.randomUUID().toString();
        private final Consumer<Arrival> end;
        private boolean isTaken;

        /// @param end is told once no more is heard of it here
        Arrival(Consumer<Arrival> end) {
            this.end = end;
        }

        /// Of the body.
        String name() {
            return name;
        }

        boolean isTaken() {
            return isTaken;
        }

        /// Hands the body's name over.
        ///
        /// @param submit makes a job of it
        <T> T handOver(Function<String, T> submit) {
            T job = submit.apply(name);
            isTaken = true;
            return job;
        }

        @Override
        public void close() {
            end.accept(this);
        }
    }

    /// Reads from a caller. That he hangs up is no failure of the disk.
    ///
    /// @return how many bytes were put into the buffer, -1 at the end
    static int read(InputStream body, byte[] buffer, int offset) {
        try {
            return body.read(buffer, offset, buffer.length - offset);
        } catch (IOException callerHasGone) {
            throw new UncheckedIOException(callerHasGone);
        }
    }
}
