package dev.telltale.access;

import dev.telltale.database.Database;
import java.security.MessageDigest;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// All keys that were ever made, with the hashes of their secrets. Changes are small, and are made while the disk
/// is nearly full too: a key that got out must be revoked at any time.
final class KeyTable {

    /// So that what is held in memory and looked through at each change stays small.
    static final int MOST_LIVE = 1_000;

    /// By which it is seen that others have made or revoked a key.
    static final String MARK =
            "(SELECT count(*) || ' ' || count(revoked) || ' ' || coalesce(max(number), 0) FROM access_key)";

    private static final String COLUMNS = "number, id, name, roles, created, expires, revoked";
    private static final String IS_LIVE = "revoked IS NULL AND (expires IS NULL OR expires > ?)";

    private final Database database;

    KeyTable(Database database) {
        this.database = database;
    }

    /// A key with the hash that tells its holder.
    static final class Hashed {

        final Key key;
        private final byte[] hash;

        /// @param hash SHA-256 of the secret, owned by this
        Hashed(Key key, byte[] hash) {
            this.key = key;
            this.hash = hash;
        }

        /// Whether this is the hash. How long that takes tells nothing of it.
        boolean hasHash(byte[] other) {
            return MessageDigest.isEqual(hash, other);
        }
    }

    /// What is needed to check keys.
    ///
    /// @param any whether a key was ever made
    /// @param live by id, those that are valid now
    record Snapshot(boolean any, Map<String, Hashed> live) {}

    Snapshot snapshot(Instant now) {
        return database.read(connection -> {
            Map<String, Hashed> live = new HashMap<>();
            boolean any;
            try (PreparedStatement select = connection.prepareStatement("SELECT EXISTS (SELECT 1 FROM access_key)");
                    ResultSet row = select.executeQuery()) {
                any = row.next() && row.getBoolean(1);
            }
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT " + COLUMNS + ", hash FROM access_key WHERE " + IS_LIVE)) {
                select.setLong(1, now.toEpochMilli());
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        Key key = key(row);
                        live.put(key.id(), new Hashed(key, row.getBytes("hash")));
                    }
                }
            }
            return new Snapshot(any, live);
        });
    }

    /// The keys after this number in the order in which they were made.
    List<Key> list(long after, int limit) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT " + COLUMNS + " FROM access_key WHERE number > ? ORDER BY number LIMIT ?")) {
                select.setLong(1, after);
                select.setInt(2, limit);
                List<Key> keys = new ArrayList<>();
                try (ResultSet row = select.executeQuery()) {
                    while (row.next()) {
                        keys.add(key(row));
                    }
                }
                return keys;
            }
        });
    }

    Optional<Hashed> find(String id) {
        return database.read(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT " + COLUMNS + ", hash FROM access_key WHERE id = ?")) {
                select.setString(1, id);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? Optional.of(new Hashed(key(row), row.getBytes("hash"))) : Optional.empty();
                }
            }
        });
    }

    /// Adds a key of which the holder has the text.
    ///
    /// @return the key, or nothing if there is one of its id
    /// @throws dev.telltale.problem.Problem if there are too many
    Optional<Key> add(KeyText text, String name, Set<Role> roles, Instant created, @Nullable Instant expires) {
        Key checked = new Key(0, text.id(), name, roles, created, expires, null);
        byte[] hash = text.hash();
        return database.writeFromReserve(connection -> {
            try (PreparedStatement count =
                    connection.prepareStatement("SELECT count(*) FROM access_key WHERE " + IS_LIVE)) {
                count.setLong(1, created.toEpochMilli());
                try (ResultSet row = count.executeQuery()) {
                    if (row.next() && row.getInt(1) >= MOST_LIVE) {
                        throw AccessProblem.TOO_MANY_KEYS.because(
                                "%d keys are valid, no more may be; revoke those that nobody uses", MOST_LIVE);
                    }
                }
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO access_key (id, name, roles, created, expires, hash) VALUES (?, ?, ?, ?, ?, ?)"
                            + " ON CONFLICT (id) DO NOTHING RETURNING " + COLUMNS)) {
                insert.setString(1, checked.id());
                insert.setString(2, checked.name());
                insert.setString(3, written(checked.roles()));
                insert.setLong(4, checked.created().toEpochMilli());
                insert.setObject(5, expires == null ? null : expires.toEpochMilli());
                insert.setBytes(6, hash);
                try (ResultSet row = insert.executeQuery()) {
                    return row.next() ? Optional.of(key(row)) : Optional.empty();
                }
            }
        });
    }

    /// Marks a key as revoked; one that is revoked already keeps its time.
    ///
    /// @return the key as it is now, if there is one
    Optional<Key> revoke(String id, Instant now) {
        return database.writeFromReserve(connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "UPDATE access_key SET revoked = coalesce(revoked, ?) WHERE id = ?" + " RETURNING " + COLUMNS)) {
                update.setLong(1, now.toEpochMilli());
                update.setString(2, id);
                try (ResultSet row = update.executeQuery()) {
                    return row.next() ? Optional.of(key(row)) : Optional.empty();
                }
            }
        });
    }

    /// Removes a key that was just added.
    void remove(Key key) {
        database.writeFromReserve(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM access_key WHERE number = ?")) {
                delete.setLong(1, key.number());
                return delete.executeUpdate();
            }
        });
    }

    private static Key key(ResultSet row) throws SQLException {
        return new Key(
                row.getLong("number"),
                row.getString("id"),
                row.getString("name"),
                roles(row.getString("roles")),
                Instant.ofEpochMilli(row.getLong("created")),
                time(row, "expires"),
                time(row, "revoked"));
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        long time = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(time);
    }

    private static String written(Collection<Role> roles) {
        return roles.stream().sorted().map(Role::word).collect(Collectors.joining(","));
    }

    private static Set<Role> roles(String written) {
        return Arrays.stream(written.split(",", -1))
                .map(word -> Role.of(word)
                        .orElseThrow(() -> new IllegalStateException("the role " + word + " is not known")))
                .collect(Collectors.toSet());
    }
}
