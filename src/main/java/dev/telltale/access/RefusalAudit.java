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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the log of refusals: of the first of a kind at once, of those like it once a minute with their number.
/// However many there are, and whoever sends them, they fill no more than some 120 lines a minute. A caller has a part
/// of what is told apart: so nobody hides whom else is refused.
final class RefusalAudit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RefusalAudit.class);
    private static final int MOST_TOLD_APART = 50;
    private static final int MOST_OF_A_CALLER = 10;

    private final AuditLog log;
    private final Map<Key, Tally> tallies = new HashMap<>(); // this and the following guarded by this
    private final Map<Caller, Integer> callers = new HashMap<>();
    private final Map<Kind, Tally> others = new EnumMap<>(Kind.class);
    private final ScheduledExecutorService minutes = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("audit-refusals").daemon().factory());

    /// @param log of this alone, which closes it
    RefusalAudit(AuditLog log) {
        this.log = log;
        Future<?> _ = minutes.scheduleWithFixedDelay(this::tellOrGoOn, 1, 1, TimeUnit.MINUTES);
    }

    /// What refusals that are told of together share. Of those without credentials it is the address alone.
    private record Key(Kind kind, Caller caller, String action, int status) {

        static Key of(AuditEvent event) {
            boolean anywhere = event.event() == Kind.REFUSED_CHANGE || event.event() == Kind.FORBIDDEN;
            return new Key(
                    event.event(),
                    new Caller(
                            event.who(),
                            Optional.ofNullable(event.address())
                                    .map(address -> new Peer(Optional.empty(), address).place())),
                    anywhere ? event.action() : "",
                    Optional.ofNullable(event.status()).orElse(0));
        }
    }

    /// Who is refused, and from where: of IPv6 the network.
    private record Caller(String who, Optional<String> place) {}

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
        int ofCaller = callers.getOrDefault(key.caller(), 0);
        if (tallies.size() < MOST_TOLD_APART && ofCaller < MOST_OF_A_CALLER) {
            callers.put(key.caller(), ofCaller + 1);
            tallies.put(key, new Tally(event));
            return true;
        }
        Tally rest = others.computeIfAbsent(event.event(), kind -> new Tally(event));
        rest.last = event;
        rest.untold++;
        return false;
    }

    /// The log as it is now, for who reads it.
    AuditReader reader() {
        return log.reader();
    }

    private void tellOrGoOn() {
        try {
            tell();
        } catch (RuntimeException e) { // or nobody would tell again
            LOG.error("Refusals could not be told of", e);
        }
    }

    /// Tells of all that was not told of, the last of each kind for all.
    void tell() {
        log.catchUp();
        Map<Key, Tally> told;
        Map<Kind, Tally> rest;
        synchronized (this) {
            told = Map.copyOf(tallies);
            rest = new EnumMap<>(others);
            tallies.clear();
            callers.clear();
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
        tellOrGoOn();
        log.close();
    }
}
