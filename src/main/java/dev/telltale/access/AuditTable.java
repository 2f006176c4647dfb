package dev.telltale.access;

import dev.telltale.database.Database;
import dev.telltale.database.DatabaseProblem;
import dev.telltale.http.Json;
import dev.telltale.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.ObjectWriter;

/// A log of events in a database that several processes share: one log of them all, in the order in which its lines
/// were committed. Changes at the same time share one commit.
///
/// Whatever keeps lines from being written here keeps changes from being made, since they lie in the same database; so
/// `require` looks only for lines that wait.
final class AuditTable implements AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditTable.class);
    private static final int LINES_BETWEEN_TRIMS = 1_000;
    private static final int PAGE = 500;

    private static final String INSERT = "INSERT INTO audit (log, time, line) VALUES (?, ?, ?)";
    private static final String TRIM = "DELETE FROM audit WHERE log = ? AND id <= (SELECT max(id) FROM"
            + " (SELECT id, sum(length(line) + 1) OVER (ORDER BY id DESC) AS bytes FROM audit WHERE log = ?) counted"
            + " WHERE bytes > ?)";
    private static final String BACKWARDS =
            "SELECT id, line FROM audit WHERE log = ? AND id < ? ORDER BY id DESC LIMIT " + (PAGE + 1);

    private final Database database;
    private final String name;
    private final long most;
    private final ObjectWriter json;
    private final AccessMeters meters;

    /// Lines that are not known to be written; guarded by itself.
    private final ArrayDeque<Line> waiting = new ArrayDeque<>();

    /// Held by who writes.
    private final ReentrantLock writing = new ReentrantLock();

    private boolean failed; // this and the following under `writing`
    /// So that processes that were started together do not trim at the same time.
    private int untrimmed = ThreadLocalRandom.current().nextInt(LINES_BETWEEN_TRIMS);

    /// A line, as it is written.
    private static final class Line {

        private final long time;
        private final String text;
        private boolean written; // under `writing`

        Line(long time, String text) {
            this.time = time;
            this.text = text;
        }
    }

    private AuditTable(Database database, String name, long most, Json json, AccessMeters meters) {
        this.database = database;
        this.name = name;
        this.most = most;
        this.json = json.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
        this.meters = meters;
    }

    /// @param most bytes that are kept; somewhat more until old lines are removed now and then
    static AuditTable ofChanges(Database database, long most, Json json, AccessMeters meters) {
        return new AuditTable(database, "changes", most, json, meters);
    }

    /// The same of refusals, which push no changes out.
    static AuditTable ofRefusals(Database database, long most, Json json, AccessMeters meters) {
        return new AuditTable(database, "refusals", most, json, meters);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void require() {
        if (isOwing()) {
            try {
                flush();
            } catch (RuntimeException e) {
                throw unavailable(e, "nothing was changed");
            }
        }
    }

    @Override
    public void record(AuditEvent event) {
        try {
            Line line = add(event);
            writing.lock();
            try {
                if (!line.written) { // by who wrote his own meanwhile
                    flush();
                }
            } finally {
                writing.unlock();
            }
        } catch (RuntimeException e) {
            throw unavailable(e, "the change may have been made, but the log does not tell of it yet");
        }
    }

    @Override
    public void note(AuditEvent event) {
        try {
            add(event);
            flush();
        } catch (RuntimeException e) {
            tell(e);
        }
    }

    @Override
    public void catchUp() {
        if (isOwing()) {
            try {
                flush();
            } catch (RuntimeException e) {
                tell(e);
            }
        }
    }

    @Override
    public AuditReader reader() {
        return this::read;
    }

    @Override
    public void close() {
        if (isOwing()) {
            try {
                flush();
            } catch (RuntimeException e) {
                LOG.error("The log of {} could not be written to its end", name, e);
            }
        }
    }

    private boolean isOwing() {
        synchronized (waiting) {
            return !waiting.isEmpty();
        }
    }

    private Line add(AuditEvent event) {
        Line line = new Line(event.time().toEpochMilli(), json.writeValueAsString(event));
        synchronized (waiting) {
            if (waiting.size() >= MOST_WAITING) {
                meters.unaudited();
                throw new IllegalStateException("too many lines wait to be written");
            }
            waiting.add(line);
        }
        return line;
    }

    /// Writes what waits. If it is not known whether it was, it is written again.
    private void flush() {
        writing.lock();
        try {
            List<Line> lines;
            synchronized (waiting) {
                lines = new ArrayList<>(waiting);
            }
            if (lines.isEmpty()) {
                return;
            }
            // In order, so that who reads backwards finds none that came later behind him.
            database.writeFromReserve(connection -> insert(connection, lines));
            synchronized (waiting) {
                lines.forEach(line -> waiting.remove());
            }
            for (Line line : lines) {
                line.written = true;
                meters.audited();
            }
            if (failed) {
                failed = false;
                LOG.info("The log of {} is written again", name);
            }
            untrimmed += lines.size();
            if (untrimmed >= LINES_BETWEEN_TRIMS) {
                untrimmed = 0;
                trim();
            }
        } finally {
            writing.unlock();
        }
    }

    private int insert(Connection connection, List<Line> lines) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (Line line : lines) {
                insert.setString(1, name);
                insert.setLong(2, line.time);
                insert.setString(3, line.text);
                insert.addBatch();
            }
            return insert.executeBatch().length;
        }
    }

    private void trim() {
        if (most == Long.MAX_VALUE) {
            return;
        }
        try {
            database.writeAlone(connection -> {
                try (PreparedStatement trim = connection.prepareStatement(TRIM)) {
                    trim.setString(1, name);
                    trim.setString(2, name);
                    trim.setLong(3, most);
                    return trim.executeUpdate();
                }
            });
        } catch (RuntimeException e) { // what was to be written is
            LOG.warn("Old lines of the log of {} could not be removed: {}", name, e.getMessage());
        }
    }

    private Optional<String> read(Optional<String> place, int limit, AuditReader.Chooser chooser) {
        long before = place.map(AuditTable::id).orElse(Long.MAX_VALUE);
        int taken = 0;
        long read = 0;
        while (true) {
            List<Found> page = page(before);
            for (int i = 0; i < Math.min(page.size(), PAGE); i++) {
                byte[] line = page.get(i).line().getBytes(StandardCharsets.UTF_8);
                read += line.length;
                before = page.get(i).id();
                AuditReader.Choice choice = chooser.of(line);
                taken += choice == AuditReader.Choice.TAKE ? 1 : 0;
                if (choice == AuditReader.Choice.END) {
                    return Optional.empty();
                }
                if (taken == limit || read >= AuditReader.MOST_BYTES) {
                    return i + 1 < page.size() ? Optional.of(Long.toString(before)) : Optional.empty();
                }
            }
            if (page.size() <= PAGE) {
                return Optional.empty();
            }
        }
    }

    private record Found(long id, String line) {}

    /// Lines before a place, the newest first, with one more than are shown if there is one.
    private List<Found> page(long before) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(BACKWARDS)) {
                select.setString(1, name);
                select.setLong(2, before);
                List<Found> page = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        page.add(new Found(row.getLong("id"), row.getString("line")));
                    }
                }
                return page;
            }
        });
    }

    private static long id(String place) {
        if (!place.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException("not a place in the log");
        }
        return Long.parseLong(place);
    }

    private Problem unavailable(RuntimeException cause, String consequence) {
        tell(cause);
        boolean full = cause instanceof Problem problem && problem.type() == DatabaseProblem.STORAGE_FULL;
        return (full ? AuditProblem.AUDIT_FULL : AuditProblem.AUDIT_UNAVAILABLE)
                .because(
                        "%s: the log of changes in the database cannot be written; the service's log says why",
                        consequence)
                .retryAfter(RETRY_AFTER);
    }

    private void tell(RuntimeException cause) {
        writing.lock();
        try {
            if (!failed) {
                failed = true;
                LOG.error(
                        "The log of {} cannot be written. What must stand in it is not done until it can", name, cause);
            }
        } finally {
            writing.unlock();
        }
    }
}
