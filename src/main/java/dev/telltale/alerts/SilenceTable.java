package dev.telltale.alerts;

import dev.telltale.database.ChangeListener;
import dev.telltale.database.Changes;
import dev.telltale.database.Database;
import dev.telltale.http.Conditions;
import dev.telltale.http.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The rows of silences. Those that may hold now or later are kept in memory too, also where another process makes
/// them.
final class SilenceTable {

    private static final JsonMapper JSON = new Json().mapper();
    /// How long one that is over can still be looked up.
    private static final Duration MEMORY = Duration.ofDays(30);
    private static final int ALL = Integer.MAX_VALUE;

    /// The kind of change by which processes hear that silences changed, or that all incidents are to be looked at for
    /// them.
    static final String CHANGE = "silence";

    private final Database database;
    private final Changes changes;
    private final InstantSource clock;
    private final int limit;
    private volatile List<Silence> current = List.of();

    /// @param limit most silences that are not over
    SilenceTable(Database database, Changes changes, InstantSource clock, int limit) {
        this.database = database;
        this.changes = changes;
        this.clock = clock;
        this.limit = limit;
        changes.listen(CHANGE, new Follower());
        refresh();
    }

    private final class Follower implements ChangeListener {

        @Override
        public void changed(String subject) {
            refresh();
        }

        @Override
        public void all() {
            refresh();
        }
    }

    /// All that are not over, as of the last change.
    List<Silence> current() {
        return current;
    }

    /// The time by which they hold.
    Instant now() {
        return clock.instant();
    }

    /// Adds one.
    ///
    /// @throws dev.telltale.problem.Problem `SILENCE_LIMIT`
    Silence add(SilenceForm form) {
        Instant now = clock.instant();
        SilenceForm complete = form.startedBy(now);
        Silence added = database.write(connection -> {
            forget(connection, now.minus(MEMORY));
            checkLimit(connection, now);
            long id;
            try (PreparedStatement insert = connection.prepareStatement(
                    "insert into alert_silence (revision, definition, ends) values (?, ?, ?) returning id")) {
                insert.setLong(1, now.toEpochMilli());
                insert.setString(2, JSON.writeValueAsString(complete));
                setEnd(insert, 3, complete);
                try (ResultSet row = insert.executeQuery()) {
                    row.next();
                    id = row.getLong(1);
                }
            }
            changes.note(connection, CHANGE, Long.toString(id));
            return find(connection, id).orElseThrow();
        });
        refresh();
        return added;
    }

    /// Changes one.
    ///
    /// @return as it is then; empty if there is none of this id
    Optional<Silence> replace(long id, SilenceForm form, Conditions conditions) {
        Instant now = clock.instant();
        SilenceForm complete = form.startedBy(now);
        Optional<Silence> replaced = database.write(connection -> {
            Optional<Silence> present = find(connection, id);
            conditions.onFirstParts().check(present.map(Silence::definitionTag));
            if (present.isEmpty()) {
                return present;
            }
            if (present.get().state(now) == Silence.State.ENDED) {
                checkLimit(connection, now);
            }
            try (PreparedStatement update = connection.prepareStatement(
                    "update alert_silence set revision = ?, definition = ?, ends = ? where id = ?")) {
                update.setLong(1, Math.max(present.get().revision() + 1, now.toEpochMilli()));
                update.setString(2, JSON.writeValueAsString(complete));
                setEnd(update, 3, complete);
                update.setLong(4, id);
                update.executeUpdate();
            }
            changes.note(connection, CHANGE, Long.toString(id));
            return find(connection, id);
        });
        refresh();
        return replaced;
    }

    Optional<Silence> find(long id) {
        return database.read(connection -> find(connection, id));
    }

    /// Those behind `after` in the order of their ids, at most `most`.
    List<Silence> list(long after, int most) {
        return database.read(connection -> select(connection, "id > ? order by id limit ?", after, most));
    }

    /// Deletes one.
    ///
    /// @return whether it was there
    boolean delete(long id, Conditions conditions) {
        boolean deleted = database.writeFromReserve(connection -> {
            Optional<Silence> present = find(connection, id);
            conditions.onFirstParts().check(present.map(Silence::definitionTag));
            try (PreparedStatement delete = connection.prepareStatement("delete from alert_silence where id = ?")) {
                delete.setLong(1, id);
                delete.executeUpdate();
            }
            if (present.isPresent()) {
                changes.note(connection, CHANGE, Long.toString(id));
            }
            return present.isPresent();
        });
        refresh();
        return deleted;
    }

    /// Reads them anew.
    synchronized void refresh() {
        current = database.read(connection -> select(
                connection, "(ends is null or ends > ?) and id > ? order by id limit " + ALL, clock.millis(), 0));
    }

    private void checkLimit(Connection connection, Instant now) throws SQLException {
        if (select(connection, "(ends is null or ends > ?) order by id limit ?", now.toEpochMilli(), limit)
                        .size()
                >= limit) {
            throw AlertsProblem.SILENCE_LIMIT.because(
                    "%d silences are not over, the most that telltale.alerts.silence-limit allows", limit);
        }
    }

    private static void forget(Connection connection, Instant over) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement("delete from alert_silence where ends < ?")) {
            delete.setLong(1, over.toEpochMilli());
            delete.executeUpdate();
        }
    }

    private static void setEnd(PreparedStatement statement, int index, SilenceForm form) throws SQLException {
        Optional<Instant> end = form.schedule().end();
        if (end.isPresent()) {
            statement.setLong(index, end.get().toEpochMilli());
        } else {
            statement.setNull(index, Types.BIGINT);
        }
    }

    private static Optional<Silence> find(Connection connection, long id) throws SQLException {
        return select(connection, "id = ? limit ?", id, 1).stream().findFirst();
    }

    private static List<Silence> select(Connection connection, String condition, long first, long second)
            throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select id, revision, definition from alert_silence where " + condition)) {
            select.setLong(1, first);
            select.setLong(2, second);
            List<Silence> silences = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    SilenceForm form = JSON.readValue(row.getString("definition"), SilenceForm.class);
                    silences.add(new Silence(
                            row.getLong("id"), row.getLong("revision"), form.selector(), form.schedule(), form));
                }
            }
            return silences;
        }
    }
}
