package dev.telltale.series;

/// Which partitions of the store this process owns. The owner of a partition moves its samples to chunks, trims its log
/// and has its old samples expire. Whoever does not own it reads and writes it as well, so that a wrong answer costs
/// work done twice, and no samples.
@FunctionalInterface
interface Partitions {

    /// A process that looks after the whole store.
    Partitions ALL = partition -> true;

    boolean owns(int partition);
}
