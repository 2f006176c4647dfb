package dev.telltale.ingest.otlp;

/// Times of the protocol: nanoseconds since 1970, unsigned.
final class Times {

    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private Times() {}

    /// Epoch milliseconds, rounded to the nearest.
    static long millis(long nanos) {
        long millis = Long.divideUnsigned(nanos, NANOS_PER_MILLI);
        long rest = Long.remainderUnsigned(nanos, NANOS_PER_MILLI);
        return rest * 2 >= NANOS_PER_MILLI ? millis + 1 : millis;
    }

    static double seconds(long from, long to) {
        return (double) (to - from) / NANOS_PER_SECOND;
    }

    static boolean isBefore(long one, long other) {
        return Long.compareUnsigned(one, other) < 0;
    }
}
