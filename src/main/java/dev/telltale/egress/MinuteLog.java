package dev.telltale.egress;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Warns of samples that are lost, at most once a minute however many they are.
final class MinuteLog {

    private static final Logger LOG = LoggerFactory.getLogger(ScoreSender.class);
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private final InstantSource clock;
    private Instant silentUntil = Instant.MIN;
    private long untold;

    MinuteLog(InstantSource clock) {
        this.clock = clock;
    }

    /// Counts samples that are lost; true if it warned.
    ///
    /// @param example of their series
    synchronized boolean lost(int samples, String why, String example) {
        untold += samples;
        Instant now = clock.instant();
        if (now.isBefore(silentUntil)) {
            return false;
        }
        LOG.warn(
                "{} samples of scores were not written, such as of {}: {}. The scores are stored here;"
                        + " telltale.egress.samples counts them",
                untold,
                example,
                why);
        untold = 0;
        silentUntil = now.plus(SILENCE);
        return true;
    }
}
