package dev.telltale.ingest.otlp;

import java.util.Optional;

/// A point of a sum that only goes up.
///
/// @param value all since the start
record CountedSum(long start, long time, double value) implements Counted {

    @Override
    public Optional<Readings> since(Counted earlier) {
        double before = ((CountedSum) earlier).value;
        return value < before
                ? Optional.empty()
                : Optional.of(Readings.ofSum((value - before) / Times.seconds(earlier.time(), time)));
    }

    @Override
    public boolean says(Counted other) {
        return other instanceof CountedSum sum && Double.compare(sum.value, value) == 0;
    }

    @Override
    public int bytes() {
        return 40;
    }
}
