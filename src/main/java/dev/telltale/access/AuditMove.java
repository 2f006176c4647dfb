package dev.telltale.access;

import dev.telltale.database.MoveListener;
import dev.telltale.database.MovedRows;
import dev.telltale.http.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Moves the logs of changes and of refusals from the files of the data directory to the table of PostgreSQL, the
/// oldest lines first.
public final class AuditMove {

    /// An event takes a few kilobytes at most.
    private static final int LONGEST = 1 << 16;

    private static final List<String> COLUMNS = List.of("log", "time", "line");

    private final Path dataDirectory;
    private final JsonMapper json = new Json().mapper();

    /// @param dataDirectory of the source
    public AuditMove(Path dataDirectory) {
        this.dataDirectory = dataDirectory;
    }

    /// Copies both logs, in the running transaction of the target.
    public void copy(Connection to, MoveListener listener) throws SQLException {
        MovedRows.write(to, "audit", COLUMNS, listener, rows -> {
            for (AuditFiles files :
                    List.of(AuditFiles.ofChanges(dataDirectory), AuditFiles.ofRefusals(dataDirectory))) {
                long unread = copy(files, rows);
                if (unread > 0) {
                    listener.warn(unread + " lines of the log of " + files.name() + " are no events and stay behind.");
                }
            }
        });
    }

    /// @return lines that are no events, such as what a crash has left of one
    private long copy(AuditFiles files, MovedRows rows) throws SQLException {
        long unread = 0;
        try {
            for (long number : files.numbers()) {
                unread += copy(files.open(number), files.name(), rows);
            }
            return unread + copy(files.openCurrent(), files.name(), rows);
        } catch (NoSuchFileException nothingWrittenYet) {
            return unread;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long copy(FileChannel file, String log, MovedRows rows) throws IOException, SQLException {
        long unread = 0;
        try (InputStream in = new BufferedInputStream(Channels.newInputStream(file), LONGEST)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = in.read(); next >= 0 || line.size() > 0; next = in.read()) {
                if (next >= 0 && next != '\n') {
                    if (line.size() <= LONGEST) { // of a longer one no more is needed
                        line.write(next);
                    }
                    continue;
                }
                Optional<Instant> time = time(line);
                if (time.isPresent()) {
                    rows.add(log, time.get().toEpochMilli(), line.toString(StandardCharsets.UTF_8));
                } else {
                    unread++;
                }
                line.reset();
            }
        }
        return unread;
    }

    private Optional<Instant> time(ByteArrayOutputStream line) {
        if (line.size() > LONGEST) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    Instant.parse(json.readTree(line.toByteArray()).path("time").asString("")));
        } catch (JacksonException | DateTimeException noEvent) {
            return Optional.empty();
        }
    }
}
