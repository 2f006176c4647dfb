package dev.telltale.http;

import dev.telltale.database.Database;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;

/// Answers that are kept by the keys of their requests: for a day, and the newest of very many, a caller's own and all.
final class AnswerTable {

    static final Duration KEPT_FOR = Duration.ofHours(24);
    static final int MOST_KEPT = 10_000;
    static final int MOST_OF_A_CALLER = 2_000;

    private final Database database;
    private final Json json;
    private final InstantSource clock;

    AnswerTable(Database database, Json json, InstantSource clock) {
        this.database = database;
        this.json = json;
        this.clock = clock;
    }

    Optional<KeptAnswer> find(String key) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT fingerprint, status, headers, body FROM answer WHERE key = ? AND created > ?")) {
                select.setString(1, key);
                select.setLong(2, expired());
                try (ResultSet row = select.executeQuery()) {
                    if (!row.next()) {
                        return Optional.empty();
                    }
                    Map<String, String> headers =
                            json.mapper().readValue(row.getString("headers"), new TypeReference<>() {});
                    return Optional.of(new KeptAnswer(
                            row.getString("fingerprint"), row.getInt("status"), headers, row.getBytes("body")));
                }
            }
        });
    }

    /// Keeps an answer, and forgets those whose time is over.
    ///
    /// @param key the caller's name, a line feed, and the key it sent; the latter alone where nobody shows a name
    void keep(String key, KeptAnswer answer) {
        database.write(connection -> {
            String caller = key.substring(0, key.indexOf('\n') + 1); // names hold no line feed
            try (PreparedStatement forgetOfCaller =
                            connection.prepareStatement("DELETE FROM answer WHERE key >= ? AND key < ? AND created <="
                                    + " (SELECT created FROM answer WHERE key >= ? AND key < ?"
                                    + " ORDER BY created DESC LIMIT 1 OFFSET ?)");
                    PreparedStatement forget =
                            connection.prepareStatement("DELETE FROM answer WHERE created <= ? OR created <="
                                    + " (SELECT created FROM answer ORDER BY created DESC LIMIT 1 OFFSET ?)");
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO answer"
                            + " (key, fingerprint, status, headers, body, created) VALUES (?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (key) DO UPDATE SET fingerprint = excluded.fingerprint,"
                            + " status = excluded.status, headers = excluded.headers, body = excluded.body,"
                            + " created = excluded.created")) {
                if (!caller.isEmpty()) {
                    String behind = caller.replace('\n', (char) ('\n' + 1));
                    forgetOfCaller.setString(1, caller);
                    forgetOfCaller.setString(2, behind);
                    forgetOfCaller.setString(3, caller);
                    forgetOfCaller.setString(4, behind);
                    forgetOfCaller.setInt(5, MOST_OF_A_CALLER - 1);
                    forgetOfCaller.executeUpdate();
                }
                forget.setLong(1, expired());
                forget.setInt(2, MOST_KEPT - 1);
                forget.executeUpdate();
                insert.setString(1, key);
                insert.setString(2, answer.fingerprint());
                insert.setInt(3, answer.status());
                insert.setString(4, json.mapper().writeValueAsString(answer.headers()));
                insert.setBytes(5, answer.body());
                insert.setLong(6, clock.millis());
                return insert.executeUpdate();
            }
        });
    }

    private long expired() {
        return clock.millis() - KEPT_FOR.toMillis();
    }
}
