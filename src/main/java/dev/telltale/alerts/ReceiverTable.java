package dev.telltale.alerts;

import dev.telltale.database.Changes;
import dev.telltale.database.Database;
import dev.telltale.http.Conditions;
import dev.telltale.http.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// The rows of receivers.
final class ReceiverTable {

    private static final JsonMapper JSON = new Json().mapper();
    private static final String SELECT =
            "select name, revision, settings, last_success, last_failure, failure, dropped,"
                    + " last_drop, (select count(*) from alert_outbox o where o.receiver = name) as waiting from alert_receiver ";

    /// The kind of change by which processes hear that a receiver was made, changed or deleted; the subject is
    /// its name.
    static final String CHANGE = "receiver";

    private final Database database;
    private final Changes changes;
    private final InstantSource clock;
    private final int limit;

    /// @param limit most receivers
    ReceiverTable(Database database, Changes changes, InstantSource clock, int limit) {
        this.database = database;
        this.changes = changes;
        this.clock = clock;
        this.limit = limit;
    }

    /// What became of a request.
    ///
    /// @param made whether there was none of this name
    record Put(StoredReceiver receiver, boolean made) {}

    /// Makes a receiver or changes one. What waits for it goes where it is now.
    ///
    /// @throws dev.telltale.problem.Problem `RECEIVER_LIMIT`, or if the receiver does not meet the conditions
    Put put(ReceiverName name, ReceiverForm form, Conditions conditions) {
        return database.write(connection -> {
            Optional<StoredReceiver> present = find(connection, name);
            conditions.onFirstParts().check(present.map(StoredReceiver::settingsTag));
            Receiver wanted = form.receiver(present.map(StoredReceiver::receiver));
            if (present.isEmpty() && count(connection) >= limit) {
                throw AlertsProblem.RECEIVER_LIMIT.because(
                        "there are %d receivers, the most that telltale.alerts.receiver-limit allows", limit);
            }
            if (present.filter(stored -> stored.receiver().equals(wanted)).isEmpty()) {
                long before = present.map(StoredReceiver::revision).orElse(0L);
                try (PreparedStatement upsert = connection.prepareStatement(
                        "insert into alert_receiver (name, revision, settings) values (?, ?, ?)"
                                + " on conflict (name) do update set revision = excluded.revision,"
                                + " settings = excluded.settings")) {
                    upsert.setString(1, name.value());
                    upsert.setLong(2, Math.max(before + 1, clock.millis()));
                    upsert.setString(3, JSON.writeValueAsString(ReceiverForm.of(wanted)));
                    upsert.executeUpdate();
                }
                changes.note(connection, CHANGE, name.value());
            }
            return new Put(find(connection, name).orElseThrow(), present.isEmpty());
        });
    }

    Optional<StoredReceiver> find(ReceiverName name) {
        return database.read(connection -> find(connection, name));
    }

    /// Those behind `after` in the order of their names, at most `most`.
    List<StoredReceiver> list(String after, int most) {
        return database.read(connection -> select(connection, "where name > ? order by name limit ?", after, most));
    }

    /// Of all there are.
    List<ReceiverName> names() {
        return list("", Integer.MAX_VALUE).stream().map(StoredReceiver::name).toList();
    }

    /// Deletes a receiver with all that waits for it.
    ///
    /// @return whether it was there
    boolean delete(ReceiverName name, Conditions conditions) {
        return database.writeFromReserve(connection -> {
            Optional<StoredReceiver> present = find(connection, name);
            conditions.onFirstParts().check(present.map(StoredReceiver::settingsTag));
            try (PreparedStatement delete = connection.prepareStatement("delete from alert_receiver where name = ?")) {
                delete.setString(1, name.value());
                delete.executeUpdate();
            }
            changes.note(connection, CHANGE, name.value());
            return present.isPresent();
        });
    }

    static Optional<StoredReceiver> find(Connection connection, ReceiverName name) throws SQLException {
        return select(connection, "where name = ?", name.value()).stream().findFirst();
    }

    private static int count(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select count(*) from alert_receiver");
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getInt(1);
        }
    }

    private static List<StoredReceiver> select(Connection connection, String condition, Object... arguments)
            throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(SELECT + condition)) {
            for (int i = 0; i < arguments.length; i++) {
                select.setObject(i + 1, arguments[i]);
            }
            List<StoredReceiver> receivers = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    receivers.add(receiver(row));
                }
            }
            return receivers;
        }
    }

    private static StoredReceiver receiver(ResultSet row) throws SQLException {
        return new StoredReceiver(
                new ReceiverName(row.getString("name")),
                row.getLong("revision"),
                JSON.readValue(row.getString("settings"), ReceiverForm.class).receiver(Optional.empty()),
                new StoredReceiver.Deliveries(
                        row.getLong("waiting"),
                        time(row, "last_success"),
                        time(row, "last_failure"),
                        Optional.ofNullable(row.getString("failure")),
                        row.getLong("dropped"),
                        Optional.ofNullable(row.getString("last_drop")).map(text -> JSON.readValue(text, Drop.class))));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }
}
