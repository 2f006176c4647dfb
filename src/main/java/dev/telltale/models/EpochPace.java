package dev.telltale.models;

import java.time.Duration;
import java.time.Instant;

/// How fast the epochs of a training pass: an average in which each counts less than the one after it, since
/// the first is slow and other work on the machine comes and goes.
final class EpochPace {

    private static final double WEIGHT_OF_THE_LAST = 0.3;

    private Instant last;
    private double secondsPerEpoch = Double.NaN;

    EpochPace(Instant started) {
        last = started;
    }

    /// Estimated seconds for `epochs` more, after one that ended now. Early stopping may make it less.
    double secondsFor(int epochs, Instant now) {
        double seconds = Math.max(0, Duration.between(last, now).toNanos() / 1e9); // a clock may be set back
        secondsPerEpoch = Double.isNaN(secondsPerEpoch)
                ? seconds
                : secondsPerEpoch + WEIGHT_OF_THE_LAST * (seconds - secondsPerEpoch);
        last = now;
        return epochs * secondsPerEpoch;
    }
}
