package dev.telltale.access;

import dev.telltale.database.Database;
import dev.telltale.database.Pulse;
import dev.telltale.database.Replicas;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of this installation: makes, revokes and checks them.
///
/// Those that are valid are held in memory, so that a check is one hash and one look-up. What another process
/// changes in the table, such as the command `keys`, is seen a second later, and told of unless it may be a service
/// like this one, which tells of it itself. Where the table cannot be read, what was read last goes on.
public final class Keys implements AutoCloseable {

    /// Who has changed the table if it was not this process.
    static final String ANOTHER_PROCESS = "another-process";

    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
    /// A command of this machine may change keys in the file, and nobody tells of it.
    private static final Duration BETWEEN_LOOKS_AT_A_FILE = Duration.ofSeconds(1);
    /// Where the server tells of changes as a rule: who revokes a key can count on this.
    private static final Duration BETWEEN_LOOKS_AT_A_SERVER = Duration.ofSeconds(2);
    /// What the key of an unknown id is compared with. Nobody knows a text with this hash, and it has expired.
    private static final KeyTable.Hashed NOBODY = new KeyTable.Hashed(
            new Key(0, "", "nobody", Set.of(Role.READER), Instant.MIN, Instant.EPOCH, null), new byte[32]);

    private final KeyTable table;
    private final InstantSource clock;
    private final AccessEvents events;
    private final boolean tellsOfOthers;
    private final Pulse looks;
    private volatile KeyTable.Snapshot known;
    /// Held by who changes or reads the table, so that nobody puts an older state over a newer one.
    private final Object changes = new Object();

    Keys(Database database, Replicas replicas, InstantSource clock, AccessEvents events) {
        this.table = new KeyTable(database);
        this.clock = clock;
        this.events = events;
        this.tellsOfOthers = !replicas.areShared();
        this.known = table.snapshot(clock.instant());
        this.looks = new Pulse(
                "access-keys", replicas.areShared() ? BETWEEN_LOOKS_AT_A_SERVER : BETWEEN_LOOKS_AT_A_FILE, this::look);
        database.follow(KeyTable.MARK, looks);
    }

    /// A key that was just made: its text is shown now and never again.
    record Made(Key key, KeyText text) {}

    /// The holder of a key, if it is valid. It takes the same time whether the id or the secret is wrong.
    Optional<Caller> check(KeyText shown) {
        KeyTable.Hashed hashed = known.live().getOrDefault(shown.id(), NOBODY);
        return hashed.hasHash(shown.hash()) && hashed.key.isLive(clock.instant())
                ? Optional.of(new Caller("key:" + shown.id(), hashed.key.roles()))
                : Optional.empty();
    }

    /// Whether a key was ever made, valid or not.
    boolean wereMade() {
        return known.any();
    }

    /// Whether there is a valid one.
    boolean areLive() {
        Instant now = clock.instant();
        return known.live().values().stream().anyMatch(hashed -> hashed.key.isLive(now));
    }

    /// @param by who makes it
    Made create(String name, Set<Role> roles, @Nullable Instant expires, String by) {
        KeyText text = KeyText.fresh();
        Key key = add(text, name, roles, expires, by)
                .orElseThrow(() -> new IllegalStateException("a random id was there already"));
        return new Made(key, text);
    }

    /// Takes in a key that was made elsewhere.
    ///
    /// @return the key, or nothing if there is one of its id
    Optional<Key> add(KeyText text, String name, Set<Role> roles, @Nullable Instant expires, String by) {
        synchronized (changes) {
            Optional<Key> added = table.add(text, name, roles, clock.instant(), expires);
            try {
                added.ifPresent(key -> tell(key, by));
            } finally {
                known = table.snapshot(clock.instant());
            }
            return added;
        }
    }

    /// Tells that a key was made, or takes it back: as if it had never been, so that the next start may take in the key
    /// of a file again.
    private void tell(Key key, String by) {
        try {
            events.keyCreated(key, by);
        } catch (RuntimeException e) {
            table.remove(key);
            events.keyRevoked(key, by); // for whoever reads the line that waits
            throw e;
        }
    }

    Optional<Key> find(String id) {
        return table.find(id).map(hashed -> hashed.key);
    }

    /// Whether a key of this id was made with this very secret.
    boolean isSame(KeyText text) {
        return table.find(text.id())
                .filter(hashed -> hashed.hasHash(text.hash()))
                .isPresent();
    }

    /// The keys after this number in the order in which they were made.
    List<Key> list(long after, int limit) {
        return table.list(after, limit);
    }

    /// Revokes a key for good; one that is revoked already stays so.
    ///
    /// @return the key, if there is one
    Optional<Key> revoke(String id, String by) {
        synchronized (changes) {
            Optional<Key> revoked = table.revoke(id, clock.instant());
            known = table.snapshot(clock.instant());
            revoked.ifPresent(key -> events.keyRevoked(key, by));
            return revoked;
        }
    }

    @Override
    public void close() {
        looks.close();
    }

    /// Where that fails the keys known before stay valid.
    private void look() {
        synchronized (changes) {
            KeyTable.Snapshot before = known;
            known = table.snapshot(clock.instant());
            if (tellsOfOthers) {
                tellChanges(before, known);
            }
        }
    }

    /// What this process changes it has told already, so the rest was done by another.
    private void tellChanges(KeyTable.Snapshot before, KeyTable.Snapshot now) {
        for (KeyTable.Hashed hashed : now.live().values()) {
            if (!before.live().containsKey(hashed.key.id())) {
                tell(() -> events.keyCreated(hashed.key, ANOTHER_PROCESS));
            }
        }
        for (KeyTable.Hashed hashed : before.live().values()) {
            if (!now.live().containsKey(hashed.key.id()) && hashed.key.isLive(clock.instant())) {
                tell(() -> events.keyRevoked(hashed.key, ANOTHER_PROCESS));
            }
        }
    }

    private static void tell(Runnable event) {
        try {
            event.run();
        } catch (RuntimeException e) { // or nobody would hear of the others
            LOG.error("What another process did with a key could not be told", e);
        }
    }
}
