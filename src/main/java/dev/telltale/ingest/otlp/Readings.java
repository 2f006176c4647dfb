package dev.telltale.ingest.otlp;

/// What is told of an interval: of a sum its rate; of a distribution the rates of its count and sum, and
/// quantiles. NaN where there is nothing to tell.
///
/// @param count per second; the rate of a sum stands here
/// @param sum per second
record Readings(double count, double sum, double p50, double p90, double p99) {

    static Readings ofSum(double rate) {
        return new Readings(rate, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }

    /// @param sum NaN if it is not known
    /// @param seconds more than 0
    static Readings of(long count, double sum, Distribution distribution, double seconds) {
        return new Readings(
                (double) count / seconds,
                sum / seconds,
                distribution.quantile(0.5),
                distribution.quantile(0.9),
                distribution.quantile(0.99));
    }
}
