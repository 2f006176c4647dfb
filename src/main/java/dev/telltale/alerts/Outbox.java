package dev.telltale.alerts;

import dev.telltale.database.Changes;
import dev.telltale.database.Database;
import dev.telltale.http.EnumWords;
import dev.telltale.http.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What receivers are to be told: the incidents of which each has to hear, and the messages that wait. On disk, so
/// that it survives the process.
final class Outbox {

    private static final JsonMapper JSON = new Json().mapper();
    private static final long AT_ONCE = 0;
    private static final long NOT_BEFORE_A_CHANGE = Long.MAX_VALUE;

    private static final String NOTE_OPEN =
            "insert into alert_firing (alerts, incident, receiver, open, fresh, told, again, due)"
                    + " select ?, ?, name, 1, 1, null, 0, 0 from alert_receiver where name = ?"
                    + " on conflict (receiver, incident) do update set alerts = excluded.alerts, open = 1, fresh = 1,"
                    + " due = case when alert_firing.told is null then 0"
                    + " when alert_firing.due < alert_firing.again then alert_firing.due else alert_firing.again end";
    private static final String NOTE_OVER =
            "update alert_firing set alerts = ?, open = 0, fresh = 1, due = 0" + " where incident = ? and receiver = ?";

    private final Database database;
    private final Changes changes;
    private final int capacity;

    /// @param capacity most messages that wait for one receiver
    Outbox(Database database, Changes changes, int capacity) {
        this.database = database;
        this.changes = changes;
        this.capacity = capacity;
    }

    /// Notes the state of an incident for each receiver that is to hear of it. One that is over is noted only where
    /// it was noted while it was open and its end is not told yet: what is said of it later is no news.
    ///
    /// @return the receivers of these that there are not; none if it is over, for then nothing is lost with them
    List<String> note(Connection connection, AlertGroup group, boolean open, List<String> receivers)
            throws SQLException {
        List<String> unknown = new ArrayList<>();
        String alerts = JSON.writeValueAsString(group);
        try (PreparedStatement note = connection.prepareStatement(open ? NOTE_OPEN : NOTE_OVER)) {
            for (String receiver : receivers) {
                note.setString(1, alerts);
                note.setLong(2, group.incident());
                note.setString(3, receiver);
                if (note.executeUpdate() == 0 && open) {
                    unknown.add(receiver);
                }
            }
        }
        endForOthers(connection, group.incident(), receivers);
        return unknown;
    }

    /// For a receiver that its detector no longer names, the incident is over.
    private static void endForOthers(Connection connection, long incident, List<String> receivers) throws SQLException {
        String others = receivers.isEmpty()
                ? ""
                : " and receiver not in (" + String.join(", ", Collections.nCopies(receivers.size(), "?")) + ")";
        try (PreparedStatement end = connection.prepareStatement(
                "update alert_firing set open = 0, due = 0 where incident = ? and open = 1" + others)) {
            end.setLong(1, incident);
            for (int i = 0; i < receivers.size(); i++) {
                end.setString(i + 2, receivers.get(i));
            }
            end.executeUpdate();
        }
    }

    /// Has all incidents looked at anew, since the silences changed.
    void lookAtAll() {
        database.write(connection -> {
            changes.note(connection, SilenceTable.CHANGE, "");
            return update(connection, "update alert_firing set due = ?", AT_ONCE);
        });
    }

    /// Those that are due, the earliest incidents first.
    List<Firing> due(Connection connection, Instant now, int most) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "select f.*, exists (select 1 from alert_outbox o where o.incident = f.incident and o.receiver = f.receiver)"
                        + " as queued from alert_firing f where due <= ? order by incident, receiver limit ?")) {
            select.setLong(1, now.toEpochMilli());
            select.setInt(2, most);
            List<Firing> due = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    long told = row.getLong("told");
                    Optional<Instant> last = row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(told));
                    due.add(new Firing(
                            new ReceiverName(row.getString("receiver")),
                            JSON.readValue(row.getString("alerts"), AlertGroup.class),
                            row.getBoolean("open"),
                            row.getBoolean("fresh"),
                            last,
                            leftOut(row.getString("left_out")),
                            row.getBoolean("queued")));
                }
            }
            return due;
        }
    }

    private static Set<Long> leftOut(@Nullable String series) {
        return series == null ? Set.of() : Set.of(JSON.readValue(series, Long[].class));
    }

    /// When to look at the next incident; empty if at none before something changes.
    Optional<Instant> nextDue() {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("select min(due) from alert_firing");
                    ResultSet row = select.executeQuery()) {
                row.next();
                long due = row.getLong(1);
                return row.wasNull() || due == NOT_BEFORE_A_CHANGE
                        ? Optional.<Instant>empty()
                        : Optional.of(Instant.ofEpochMilli(due));
            }
        });
    }

    /// @param leftOut the series of which the receiver was not told
    void told(Connection connection, Firing firing, Set<Long> leftOut, Instant now, Instant again) throws SQLException {
        update(
                connection,
                "update alert_firing set fresh = 0, told = ?, again = ?, due = ?, left_out = ?"
                        + " where receiver = ? and incident = ?",
                now.toEpochMilli(),
                again.toEpochMilli(),
                again.toEpochMilli(),
                JSON.writeValueAsString(leftOut),
                firing.receiver().value(),
                firing.group().incident());
    }

    void lookAgain(Connection connection, Firing firing, Instant due) throws SQLException {
        lookAgain(connection, firing, due.toEpochMilli());
    }

    void lookAgainOnChange(Connection connection, Firing firing) throws SQLException {
        lookAgain(connection, firing, NOT_BEFORE_A_CHANGE);
    }

    private static void lookAgain(Connection connection, Firing firing, long due) throws SQLException {
        update(
                connection,
                "update alert_firing set due = ? where receiver = ? and incident = ?",
                due,
                firing.receiver().value(),
                firing.group().incident());
    }

    void forget(Connection connection, Firing firing) throws SQLException {
        update(
                connection,
                "delete from alert_firing where receiver = ? and incident = ?",
                firing.receiver().value(),
                firing.group().incident());
    }

    /// Puts a message behind all that wait for its receiver. Where as many wait as may, the first of them goes.
    ///
    /// @return what went
    Optional<Drop> add(
            Connection connection,
            ReceiverName receiver,
            String event,
            Occasion occasion,
            AlertGroup group,
            Instant now)
            throws SQLException {
        Optional<Drop> dropped = Optional.empty();
        if (waiting(connection, receiver) >= capacity) {
            Message oldest = head(connection, receiver).orElseThrow();
            dropped = drop(connection, oldest, Drop.Reason.QUEUE_FULL, now);
        }
        update(
                connection,
                "insert into alert_outbox (receiver, event, incident, occasion, time, alerts) values (?, ?, ?, ?, ?, ?)",
                receiver.value(),
                event,
                group.incident(),
                EnumWords.of(occasion),
                now.toEpochMilli(),
                JSON.writeValueAsString(group));
        return dropped;
    }

    /// The message that its receiver is told next.
    Optional<Message> head(ReceiverName receiver) {
        return database.read(connection -> head(connection, receiver));
    }

    /// All messages that wait, for all receivers.
    long waiting() {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement("select count(*) from alert_outbox");
                    ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        });
    }

    void delivered(Message message, Instant now) {
        database.writeFromReserve(connection -> {
            update(connection, "delete from alert_outbox where id = ?", message.id());
            return update(
                    connection,
                    "update alert_receiver set last_success = ? where name = ?",
                    now.toEpochMilli(),
                    message.receiver().value());
        });
    }

    void failed(Message message, String cause, Instant now, Instant notBefore) {
        database.writeFromReserve(connection -> {
            noteFailure(connection, message, cause, now);
            return update(
                    connection,
                    "update alert_outbox set attempts = attempts + 1, not_before = ? where id = ?",
                    notBefore.toEpochMilli(),
                    message.id());
        });
    }

    /// Gives a message up because its receiver will never take it.
    ///
    /// @return what went, unless it was gone already
    Optional<Drop> refused(Message message, String cause, Instant now) {
        return database.writeFromReserve(connection -> {
            noteFailure(connection, message, cause, now);
            return drop(connection, message, Drop.Reason.REFUSED, now);
        });
    }

    /// Gives a message up because of its age.
    ///
    /// @return what went, unless it was gone already
    Optional<Drop> expired(Message message, Instant now) {
        return database.writeFromReserve(connection -> drop(connection, message, Drop.Reason.EXPIRED, now));
    }

    private static void noteFailure(Connection connection, Message message, String cause, Instant now)
            throws SQLException {
        update(
                connection,
                "update alert_receiver set last_failure = ?, failure = ? where name = ?",
                now.toEpochMilli(),
                cause,
                message.receiver().value());
    }

    private static Optional<Drop> drop(Connection connection, Message message, Drop.Reason reason, Instant now)
            throws SQLException {
        if (update(connection, "delete from alert_outbox where id = ?", message.id()) == 0) {
            return Optional.empty();
        }
        Drop drop = new Drop(Long.toString(message.group().incident()), message.occasion(), reason, now);
        update(
                connection,
                "update alert_receiver set dropped = dropped + 1, last_drop = ? where name = ?",
                JSON.writeValueAsString(drop),
                message.receiver().value());
        return Optional.of(drop);
    }

    private static long waiting(Connection connection, ReceiverName receiver) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select count(*) from alert_outbox where receiver = ?")) {
            select.setString(1, receiver.value());
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    static Optional<Message> head(Connection connection, ReceiverName receiver) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select * from alert_outbox where receiver = ? order by id limit 1")) {
            select.setString(1, receiver.value());
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Message(
                                row.getLong("id"),
                                row.getString("event"),
                                receiver,
                                Occasion.valueOf(row.getString("occasion").toUpperCase(Locale.ROOT)),
                                Instant.ofEpochMilli(row.getLong("time")),
                                JSON.readValue(row.getString("alerts"), AlertGroup.class),
                                row.getInt("attempts"),
                                Instant.ofEpochMilli(row.getLong("not_before"))))
                        : Optional.empty();
            }
        }
    }

    static int update(Connection connection, String statement, Object... arguments) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(statement)) {
            for (int i = 0; i < arguments.length; i++) {
                update.setObject(i + 1, arguments[i]);
            }
            return update.executeUpdate();
        }
    }
}
