package dev.telltale.series;

import dev.telltale.http.EntityTag;
import dev.telltale.problem.Excerpt;
import java.time.Duration;
import java.util.Optional;

/// A series as it is known to the store.
///
/// @param id given by the server, stable, used in paths
/// @param unit of the values, such as `bytes`, up to 64 characters
/// @param interval expected step between samples, if someone stated it: at least a millisecond
public record Series(long id, SeriesKey key, Optional<String> unit, Optional<Duration> interval) {

    private static final int LONGEST_UNIT = 64;
    private static final Duration SHORTEST = Duration.ofMillis(1);

    public Series {
        unit.filter(text -> text.length() > LONGEST_UNIT || !Excerpt.of(text).equals(text))
                .ifPresent(text -> {
                    throw SeriesProblem.BAD_DESCRIPTION.because(
                            "a unit has up to %d characters and no control characters", LONGEST_UNIT);
                });
        interval.filter(step -> step.compareTo(SHORTEST) < 0).ifPresent(step -> {
            throw SeriesProblem.BAD_DESCRIPTION.because("the interval must be at least a millisecond, was %s", step);
        });
    }

    /// Names what may change of it.
    EntityTag tag() {
        return EntityTag.hashing(unit + " " + interval);
    }

    /// The same series, said to have this unit and interval.
    public Series with(Optional<String> otherUnit, Optional<Duration> otherInterval) {
        return new Series(id, key, otherUnit, otherInterval);
    }

    public String name() {
        return key.name();
    }

    public Labels labels() {
        return key.labels();
    }
}
