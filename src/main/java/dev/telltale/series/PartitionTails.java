package dev.telltale.series;

/// What a store does for partitions that this process comes to own or gives up: it reads what their logs tell, and
/// tells listeners of it.
interface PartitionTails {

    /// Reads the log of a partition and keeps what comes to it from now on, to be told.
    ///
    /// @throws dev.telltale.problem.Problem if it cannot be read
    void begin(int partition);

    /// Tells from now on what it has kept and what comes.
    void open(int partition);

    /// Tells nothing of a partition any more, also if it has not begun.
    void end(int partition);
}
