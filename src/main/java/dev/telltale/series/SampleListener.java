package dev.telltale.series;

/// Is told of samples once they are on disk. Where processes share a store, it is told of those of the partitions that
/// this one owns, whichever took them, in the order in which each partition got them.
public interface SampleListener {

    /// Called on the sender's thread, or on one that tells of what other processes took: return soon. Samples that were
    /// stored before may be among them.
    void accepted(SampleBatch batch);

    /// Its sender says that no more samples of a series come: that none come is then no failure.
    ///
    /// @param time of the end, epoch milliseconds UTC
    default void ended(long seriesId, long time) {}

    /// Samples of a series came that are not told one by one, since they are many: who wants them reads them from the
    /// store. Called as `accepted` is, and only where processes share a store.
    ///
    /// @param first time of the first of them, epoch milliseconds UTC
    /// @param last time of the last of them
    default void changed(long seriesId, long first, long last) {}
}
