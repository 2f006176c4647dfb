package dev.telltale.live;

import java.util.Comparator;

/// Where a watched series lies: the partition of the first of those that are judged together, which the process that
/// scores it owns since an epoch.
record Home(int partition, long epoch) {

    /// The order in which partitions are locked.
    static final Comparator<Home> ORDER =
            Comparator.comparingInt(Home::partition).thenComparingLong(Home::epoch);
}
