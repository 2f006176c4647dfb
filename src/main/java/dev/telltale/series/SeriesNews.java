package dev.telltale.series;

/// Brings what is known of series up to date where other processes make them too.
@FunctionalInterface
interface SeriesNews {

    /// After it every series is known that was made before.
    void catchUp();
}
