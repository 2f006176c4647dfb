package dev.telltale.series;

import java.sql.Connection;
import java.sql.SQLException;

/// Which partitions of the store this process owns. The owner of a partition moves its samples to chunks, trims its
/// log, has its old samples expire, takes its samples from Kafka and scores its series. Whoever does not own it reads
/// and writes it as well, so for samples a wrong answer costs work done twice, and nothing else. What only the owner
/// may write is fenced: each time that a partition gets an owner, its epoch is one more.
public interface Partitions {

    /// Those of a process that has the store to itself.
    Partitions ALL = new Partitions() {
        @Override
        public boolean owns(int partition) {
            return true;
        }

        @Override
        public long epoch(int partition) {
            return 0;
        }

        @Override
        public void require(Connection connection, int partition, long epoch) {
            // nobody else could own it
        }

        @Override
        public void listen(PartitionListener listener) {
            // nothing ever changes
        }
    };

    /// Whether this process owns the partition, as far as it knows.
    boolean owns(int partition);

    /// The epoch of a partition that this process owns; of others the last that it had.
    long epoch(int partition);

    /// Requires in a transaction that this process still owns the partition and has owned it all the time since that
    /// epoch. Until the transaction ends nobody else can come to own it.
    ///
    /// @throws PartitionLost if it does not; the transaction must not be committed
    void require(Connection connection, int partition, long epoch) throws SQLException;

    /// Tells from now on when this process comes to own a partition and when it gives one up; `owns` tells of those it
    /// owns already.
    void listen(PartitionListener listener);
}
