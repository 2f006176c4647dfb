package dev.telltale.series;

/// Takes what was pushed to where it outlives this process, from where the owner of each partition stores it.
public interface SampleRelay {

    /// Returns once all of it is safe.
    ///
    /// @param batch checked samples of series that there are, each time once in a series
    /// @throws dev.telltale.problem.Problem if it is not, or it is not known whether it is; sending again does
    ///     no harm
    void send(SampleBatch batch);

    /// The same for what senders said of series: that no more samples come. Whoever sends both sends the samples first.
    ///
    /// @param seriesIds of series that there are
    /// @param times of the ends, epoch milliseconds UTC, by place
    /// @throws dev.telltale.problem.Problem as of `send`
    void end(long[] seriesIds, long[] times);
}
