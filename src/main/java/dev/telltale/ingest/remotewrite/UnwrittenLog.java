package dev.telltale.ingest.remotewrite;

import dev.telltale.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Warns of what was sent and not written, at most once a minute however often it happens.
final class UnwrittenLog {

    private static final Logger LOG = LoggerFactory.getLogger(UnwrittenLog.class);
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final InstantSource clock;
    private Instant silentUntil = Instant.MIN;

    UnwrittenLog(InstantSource clock) {
        this.clock = clock;
    }

    /// Takes note of a request; true if it warned.
    synchronized boolean add(Outcome outcome, Optional<Problem> problem) {
        SeriesCollector request = outcome.request();
        boolean left = request.histograms() + request.exemplars() > 0;
        if ((problem.isEmpty() && !left) || clock.instant().isBefore(silentUntil)) {
            return false;
        }
        LOG.warn(
                "A remote write was not written as a whole: {}",
                problem.map(Problem::detail).orElse("native histograms and exemplars are not stored here"));
        silentUntil = clock.instant().plus(SILENCE);
        return true;
    }
}
