package dev.telltale.signal;

/// What a channel can be derived from besides the values of a series as they are. Of the same rows and times it
/// gives the same numbers, on every machine.
public sealed interface Feature {

    /// Of the values of one series.
    sealed interface OfValues extends Feature {}

    /// Of the time of a row alone, UTC, as a point on a circle: a sine and a cosine.
    sealed interface OfTime extends Feature {

        /// How far round the circle a time is, in [0, 1).
        double turn(long time);
    }

    /// The value less the one a row before.
    record Difference() implements OfValues {}

    /// The difference for each second of the rows' interval.
    record Rate() implements OfValues {}

    /// Arithmetic mean of the last rows, this one included.
    ///
    /// @param window rows, from 2 to 10,000
    record RollingMean(int window) implements OfValues {

        public RollingMean {
            checkWindow(window);
        }
    }

    /// Standard deviation of the last rows around their mean, divided by their number.
    ///
    /// @param window rows, from 2 to 10,000
    record RollingDeviation(int window) implements OfValues {

        public RollingDeviation {
            checkWindow(window);
        }
    }

    /// The logarithm of 1 + |value|, with the value's sign.
    record Log1p() implements OfValues {}

    /// Time since midnight.
    record HourOfDay() implements OfTime {

        @Override
        public double turn(long time) {
            return (double) Math.floorMod(time, DAY) / DAY;
        }
    }

    /// Days since Monday, whole ones.
    record DayOfWeek() implements OfTime {

        private static final int DAYS = 7;
        private static final int THURSDAY = 3; // the first day of the epoch

        @Override
        public double turn(long time) {
            return (double) Math.floorMod(Math.floorDiv(time, DAY) + THURSDAY, DAYS) / DAYS;
        }
    }

    long DAY = 24L * 60 * 60 * 1000;

    private static void checkWindow(int window) {
        if (window < 2 || window > Windowing.LONGEST) {
            throw SignalProblem.BAD_FEATURE.because(
                    "a rolling feature's window must be from 2 to %d rows, was %d", Windowing.LONGEST, window);
        }
    }

    /// As the API calls it, with its window if it has one.
    default String name() {
        return switch (this) {
            case Difference() -> "difference";
            case Rate() -> "rate";
            case RollingMean(int window) -> "rolling-mean-" + window;
            case RollingDeviation(int window) -> "rolling-deviation-" + window;
            case Log1p() -> "log1p";
            case HourOfDay() -> "hour-of-day";
            case DayOfWeek() -> "day-of-week";
        };
    }

    /// Rows before a row that it depends on.
    default int history() {
        return switch (this) {
            case Difference(), Rate() -> 1;
            case RollingMean(int window) -> window - 1;
            case RollingDeviation(int window) -> window - 1;
            case Log1p(), HourOfDay(), DayOfWeek() -> 0;
        };
    }
}
