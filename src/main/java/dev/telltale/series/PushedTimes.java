package dev.telltale.series;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Which times monitoring systems may push: those that could not be told from a mistake, or would be removed
/// soon, are refused.
///
/// @param future samples may be so much later than the clock
/// @param oldest samples may be so much older than the clock; empty takes all that an upload may have too
record PushedTimes(InstantSource clock, Duration future, Optional<Duration> oldest) {

    /// Times that are taken at one moment, both inclusive, epoch milliseconds.
    record Range(long earliest, long latest) {}

    Range now() {
        Instant now = clock.instant();
        long earliest = oldest.map(age -> now.minus(age).toEpochMilli()).orElse(Intake.EARLIEST);
        return new Range(
                Math.max(Intake.EARLIEST, earliest),
                Math.min(Intake.LATEST, now.plus(future).toEpochMilli()));
    }
}
