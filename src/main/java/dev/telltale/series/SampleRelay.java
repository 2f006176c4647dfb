package dev.telltale.series;

/// Takes what was pushed to where it outlives this process, from where the owner of each partition stores it.
public interface SampleRelay {

    /// Returns once all of it is safe.
    ///
    /// @param batch checked samples of series that there are; a time may stand twice in a series
    /// @throws dev.telltale.problem.Problem if it is not, or nobody knows whether it is: sending again does no harm
    void send(SampleBatch batch);
}
