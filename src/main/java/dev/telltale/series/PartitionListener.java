package dev.telltale.series;

/// Hears which partitions this process comes to own and gives up, one after the other, on a thread that waits for it.
public interface PartitionListener {

    /// The process owns the partition from now on, and is told of all samples that come to it.
    void gained(int partition);

    /// The process gives the partition up once this has returned, or has lost it already: what it does for it is to
    /// end.
    void losing(int partition);
}
