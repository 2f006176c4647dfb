package dev.telltale.detection;

/// A figure of an evaluation: a number, or why there is none.
public sealed interface Figure {

    record Known(double value) implements Figure {}

    record Undefined(String reason) implements Figure {}

    /// A quotient of counts, undefined where its denominator is 0.
    static Figure ratio(long numerator, long denominator, String reasonIfZero) {
        return denominator == 0 ? new Undefined(reasonIfZero) : new Known((double) numerator / denominator);
    }
}
