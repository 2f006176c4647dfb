package dev.telltale.series;

/// Is told of samples once they are on disk.
public interface SampleListener {

    /// Called on the sender's thread: return soon. Samples that were stored before may be among them.
    void accepted(SampleBatch batch);

    /// Its sender says that no more samples of a series come: that none come is then no failure.
    ///
    /// @param time of the end, epoch milliseconds UTC
    default void ended(long seriesId, long time) {}
}
