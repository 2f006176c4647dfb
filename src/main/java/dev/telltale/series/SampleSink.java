package dev.telltale.series;

/// Takes samples one after the other, in order of time.
@FunctionalInterface
interface SampleSink {

    void accept(long time, double value);
}
