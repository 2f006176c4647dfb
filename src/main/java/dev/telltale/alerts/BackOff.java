package dev.telltale.alerts;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// How long to wait after failures: twice as long each time, somewhat spread so that many do not come at once, and
/// at least as long as the receiver asks for.
final class BackOff {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    /// What a receiver may ask for at most.
    private static final Duration LONGEST_WISH = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 20;
    private static final double SPREAD = 0.5;

    private final RandomGenerator random;

    BackOff(RandomGenerator random) {
        this.random = random;
    }

    /// @param failures in a row, at least 1
    /// @param wish of the receiver
    Duration after(int failures, Optional<Duration> wish) {
        Duration grown = FIRST.multipliedBy(1L << Math.min(failures - 1, MOST_DOUBLINGS));
        Duration capped = grown.compareTo(LONGEST) > 0 ? LONGEST : grown;
        // From half of it to all of it.
        Duration spread = Duration.ofMillis((long) (capped.toMillis() * (1 - SPREAD * random.nextDouble())));
        Duration asked = wish.filter(time -> time.compareTo(LONGEST_WISH) < 0)
                .orElse(wish.isPresent() ? LONGEST_WISH : Duration.ZERO);
        return asked.compareTo(spread) > 0 ? asked : spread;
    }
}
