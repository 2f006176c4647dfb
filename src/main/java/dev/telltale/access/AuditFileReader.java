package dev.telltale.access;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Reads a log in files.
final class AuditFileReader implements AuditReader {

    private final AuditFiles files;
    private final Lock writing;

    /// @param writing held by who adds lines or begins a file
    AuditFileReader(AuditFiles files, Lock writing) {
        this.files = files;
        this.writing = writing;
    }

    /// A place between two lines.
    ///
    /// @param file number of the file: that of the current one is one above the last full one
    /// @param offset in bytes
    private record Position(long file, long offset) {

        /// @throws IllegalArgumentException if it is none
        static Position parse(String text) {
            String[] parts = text.split("-", -1);
            if (parts.length != 2) {
                throw new IllegalArgumentException("not a place in the log");
            }
            Position position = new Position(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
            if (position.file() < 1 || position.offset() < 0) {
                throw new IllegalArgumentException("not a place in the log");
            }
            return position;
        }

        @Override
        public String toString() {
            return file + "-" + offset;
        }
    }

    /// A file to be read from a place backwards.
    ///
    /// @param number its own
    /// @param older number of the file before it, or null
    /// @param lines those before the place
    private record Part(long number, @Nullable Long older, BackwardLines lines) {}

    @Override
    public Optional<String> read(Optional<String> place, int limit, Chooser chooser) throws IOException {
        Optional<Position> before = place.map(Position::parse);
        int taken = 0;
        long read = 0;
        Part part = open(before.map(Position::file), before.map(Position::offset));
        while (true) {
            try (BackwardLines lines = part.lines()) {
                Optional<byte[]> line = lines.previous();
                while (line.isPresent()) {
                    Choice choice = chooser.of(line.get());
                    taken += choice == Choice.TAKE ? 1 : 0;
                    if (choice == Choice.END) {
                        return Optional.empty();
                    }
                    if (taken == limit || read + lines.bytesRead() >= MOST_BYTES) {
                        return lines.place() == 0 && part.older() == null
                                ? Optional.empty()
                                : Optional.of(new Position(part.number(), lines.place()).toString());
                    }
                    line = lines.previous();
                }
                read += lines.bytesRead();
            }
            if (part.older() == null) {
                return Optional.empty();
            }
            part = open(Optional.of(part.older()), Optional.empty());
        }
    }

    /// @param number of the file, or else the current one
    /// @param offset in it, or else its end
    private Part open(Optional<Long> number, Optional<Long> offset) throws IOException {
        writing.lock(); // so that no file becomes another, and each ends with a whole line
        try {
            NavigableSet<Long> full = files.numbers();
            long current = full.isEmpty() ? 1 : full.last() + 1;
            long wanted = Math.min(current, number.orElse(current));
            Long older = full.lower(wanted);
            try {
                FileChannel channel = wanted == current ? files.openCurrent() : files.open(wanted);
                return new Part(wanted, older, new BackwardLines(channel, offset.orElse(Long.MAX_VALUE)));
            } catch (NoSuchFileException goneOrNotYetThere) {
                return new Part(wanted, older, BackwardLines.NONE);
            }
        } finally {
            writing.unlock();
        }
    }
}
