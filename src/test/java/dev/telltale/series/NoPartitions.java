package dev.telltale.series;

import java.sql.Connection;

/// Of a process that owns nothing.
final class NoPartitions implements Partitions {

    @Override
    public boolean owns(int partition) {
        return false;
    }

    @Override
    public long epoch(int partition) {
        return 0;
    }

    @Override
    public void require(Connection connection, int partition, long epoch) {
        throw new PartitionLost(partition);
    }

    @Override
    public void listen(PartitionListener listener) {
        // nothing ever changes
    }
}
