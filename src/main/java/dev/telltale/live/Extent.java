package dev.telltale.live;

/// Where anomalies lie, and the highest of their scores.
///
/// @param start of the first, epoch milliseconds UTC
/// @param end last moment of them
/// @param peakTime when the highest score was
record Extent(long start, long end, long peakTime, double peakScore) {

    static Extent of(Anomaly anomaly) {
        return new Extent(
                anomaly.start(),
                anomaly.end(),
                anomaly.peak().time(),
                anomaly.peak().score());
    }

    /// As far as it takes to hold this anomaly too.
    Extent with(Anomaly anomaly) {
        boolean higher = anomaly.peak().score() > peakScore;
        return new Extent(
                Math.min(start, anomaly.start()),
                Math.max(end, anomaly.end()),
                higher ? anomaly.peak().time() : peakTime,
                higher ? anomaly.peak().score() : peakScore);
    }

    /// Whether the anomaly overlaps it, or what lies between them is no longer than `most` milliseconds.
    boolean isNear(Anomaly anomaly, long most) {
        return anomaly.start() <= later(end, most) && start <= later(anomaly.end(), most);
    }

    private static long later(long time, long millis) {
        long sum = time + millis;
        return sum < time ? Long.MAX_VALUE : sum;
    }
}
