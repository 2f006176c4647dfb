package dev.telltale.live;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Settings of detectors.
///
/// @param workers threads that score rows as they arrive, 1 to 64; a detector is served by one at a time
/// @param detectorLimit detectors there may be, 1 to 10,000
/// @param watchLimit series that one detector watches at most
/// @param warmUp windows that a series needs to learn its scale, 20 to 100,000
/// @param learnRows rows at most that a series with a past learns its scale from, at least `warmUp`
/// @param lateness how far behind the newest row of its series a sample may come and still change scores
/// @param incidentGap anomalies of one detector that begin within it of each other are one incident; it ends when
///     nothing has happened for so long
/// @param pending samples that may wait for one detector; those beyond are read from the store later
@ConfigurationProperties(prefix = "telltale.live", ignoreUnknownFields = false)
record LiveProperties(
        @DefaultValue("1") int workers,
        @DefaultValue("100") int detectorLimit,
        @DefaultValue("20000") int watchLimit,
        @DefaultValue("300") int warmUp,
        @DefaultValue("2000") int learnRows,
        @DefaultValue("1h") Duration lateness,
        @DefaultValue("5m") Duration incidentGap,
        @DefaultValue("200000") int pending) {

    private static final int MOST_WORKERS = 64;
    private static final int MOST_DETECTORS = 10_000;
    private static final int FEWEST_TO_LEARN = 20;
    private static final int MOST_TO_LEARN = 100_000;

    LiveProperties {
        require(workers >= 1 && workers <= MOST_WORKERS, "workers must be from 1 to 64");
        require(detectorLimit >= 1 && detectorLimit <= MOST_DETECTORS, "detector-limit must be from 1 to 10,000");
        require(watchLimit >= 1, "watch-limit must be at least 1");
        require(warmUp >= FEWEST_TO_LEARN && warmUp <= MOST_TO_LEARN, "warm-up must be from 20 to 100,000");
        require(learnRows >= warmUp && learnRows <= MOST_TO_LEARN, "learn-rows must be from warm-up to 100,000");
        require(!lateness.isNegative() && lateness.toDays() <= 366, "lateness must be from 0 to 366d");
        require(!incidentGap.isNegative() && incidentGap.toDays() <= 366, "incident-gap must be from 0 to 366d");
        require(pending >= 1_000, "pending must be at least 1,000");
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalArgumentException("telltale.live." + otherwise);
        }
    }
}
