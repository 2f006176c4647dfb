package dev.telltale.detection;

import dev.telltale.problem.Excerpt;

/// When anomalous rows are worth an alarm. A score says how odd a row is; this says whether somebody wants to
/// hear of it.
///
/// @param direction on which side of the expected value it must lie
/// @param absolute smallest distance from the expected value, in units of the series, at least 0
/// @param relative smallest distance as a share of the expected value, at least 0
/// @param m of the last `n` rows that must be anomalous, 1 to `n`
/// @param n from 1 to 64
public record AlarmPolicy(Direction direction, double absolute, double relative, int m, int n) {

    public static final AlarmPolicy DEFAULT = new AlarmPolicy(Direction.BOTH, 0, 0, 1, 1);

    /// Bits in which `Watch` remembers them.
    private static final int MOST_ROWS = Long.SIZE;

    /// On which side of the expected value an anomalous one lies.
    public enum Direction {
        BOTH,
        ABOVE,
        BELOW,
    }

    public AlarmPolicy {
        requireDeviation("absolute", absolute);
        requireDeviation("relative", relative);
        if (n < 1 || n > MOST_ROWS || m < 1 || m > n) {
            throw DetectionProblem.BAD_POLICY.because(
                    "persistence is m of the last n rows, n from 1 to %d and m from 1 to n, was %d of %d",
                    MOST_ROWS, m, n);
        }
    }

    private static void requireDeviation(String name, double value) {
        if (!(value >= 0 && value <= Double.MAX_VALUE)) {
            throw DetectionProblem.BAD_POLICY.because(
                    "minDeviation.%s must be at least 0 and finite, was %s", Excerpt.of(name), value);
        }
    }

    /// Whether a row counts towards an alarm.
    ///
    /// @param anomalous whether its score is above 1
    /// @param value in units of the series
    /// @param expected likewise; NaN where nothing was expected, and then only the score counts
    public boolean counts(boolean anomalous, double value, double expected) {
        if (!anomalous || Double.isNaN(expected)) {
            return anomalous;
        }
        double distance = value - expected;
        boolean onThatSide = switch (direction) {
            case BOTH -> true;
            case ABOVE -> distance > 0;
            case BELOW -> distance < 0;
        };
        return onThatSide && Math.abs(distance) >= absolute && Math.abs(distance) >= relative * Math.abs(expected);
    }
}
