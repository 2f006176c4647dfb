package dev.telltale.series;

import dev.telltale.http.HttpProblem;
import java.util.OptionalInt;

/// Which samples of a series are asked for.
///
/// @param start first time, epoch milliseconds UTC
/// @param end last time, inclusive
/// @param limit most samples, the earliest, at least 1
/// @param maxPoints more samples than this are thinned out to it, if given; 2 to 100,000
record SampleRange(long start, long end, long limit, OptionalInt maxPoints) {

    private static final int FEWEST_POINTS = 2;
    private static final int MOST_POINTS = 100_000;

    SampleRange {
        if (limit < 1) {
            throw HttpProblem.INVALID_PARAMETER.because("limit must be at least 1, was %d", limit);
        }
        maxPoints.ifPresent(points -> {
            if (points < FEWEST_POINTS || points > MOST_POINTS) {
                throw HttpProblem.INVALID_PARAMETER.because(
                        "maxPoints must be %d to %d, was %d", FEWEST_POINTS, MOST_POINTS, points);
            }
        });
    }
}
