package dev.telltale.access;

import dev.telltale.access.AuditEvent.Kind;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Tells the log of refusals: of the first of a kind at once, of those like it once a minute with their number.
/// However many there are, and whoever sends them, they fill no more than some 120 lines a minute: so nobody can
/// push the changes out of the log.
final class RefusalAudit implements AutoCloseable {

    private static final int MOST_TOLD_APART = 50;

    private final AuditLog log;
    private final Map<Key, Tally> tallies = new HashMap<>(); // this and the following guarded by this
    private final Map<Kind, Tally> others = new EnumMap<>(Kind.class);
    private final ScheduledExecutorService minutes = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("audit-refusals").daemon().factory());

    RefusalAudit(AuditLog log) {
        this.log = log;
        Future<?> _ = minutes.scheduleWithFixedDelay(this::tell, 1, 1, TimeUnit.MINUTES);
    }

    /// What refusals that are told of together share. Of those without credentials it is the address alone.
    private record Key(Kind kind, String who, Optional<String> address, String action, int status) {

        static Key of(AuditEvent event) {
            boolean anywhere = event.event() == Kind.REFUSED_CHANGE || event.event() == Kind.FORBIDDEN;
            return new Key(
                    event.event(),
                    event.who(),
                    Optional.ofNullable(event.address()),
                    anywhere ? event.action() : "",
                    Optional.ofNullable(event.status()).orElse(0));
        }
    }

    /// How many came since one was told of.
    private static final class Tally {

        private AuditEvent last;
        private long untold;

        Tally(AuditEvent first) {
            last = first;
        }
    }

    void add(AuditEvent event) {
        if (isFirst(event)) {
            log.note(event);
        }
    }

    private synchronized boolean isFirst(AuditEvent event) {
        Key key = Key.of(event);
        Tally known = tallies.get(key);
        if (known != null) {
            known.last = event;
            known.untold++;
            return false;
        }
        if (tallies.size() < MOST_TOLD_APART) {
            tallies.put(key, new Tally(event));
            return true;
        }
        Tally rest = others.computeIfAbsent(event.event(), kind -> new Tally(event));
        rest.last = event;
        rest.untold++;
        return false;
    }

    /// Tells of all that was not told of, the last of each kind for all.
    void tell() {
        Map<Key, Tally> told;
        Map<Kind, Tally> rest;
        synchronized (this) {
            told = Map.copyOf(tallies);
            rest = new EnumMap<>(others);
            tallies.clear();
            others.clear();
        }
        told.values().stream()
                .filter(tally -> tally.untold > 0)
                .forEach(tally -> log.note(tally.last.times(tally.untold)));
        rest.values().forEach(tally -> log.note(tally.last.ofSeveral().times(tally.untold)));
    }

    @Override
    public void close() {
        minutes.shutdown();
        tell();
    }
}
