package dev.telltale.series;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Warns of pushed samples that were refused, at most once a minute however many come: their senders go on,
/// and mostly nobody reads their logs.
final class RefusalLog {

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final InstantSource clock;
    private Instant silentUntil = Instant.MIN;
    private long untold;

    RefusalLog(InstantSource clock) {
        this.clock = clock;
    }

    /// Counts what was refused of a push; true if it warned.
    synchronized boolean add(Pushed pushed) {
        if (pushed.refused().isEmpty()) {
            return false;
        }
        untold += pushed.refusedSamples();
        Instant now = clock.instant();
        if (now.isBefore(silentUntil)) {
            return false;
        }
        for (Pushed.Refused refused : pushed.refused()) {
            LOG.warn("Pushed samples were refused ({}), such as {}", refused.reason(), refused.example());
        }
        LOG.warn("{} pushed samples were refused since the last warning; telltale.skipped.samples counts them", untold);
        untold = 0;
        silentUntil = now.plus(SILENCE);
        return true;
    }
}
