package dev.telltale.series;

import dev.telltale.database.Database;
import dev.telltale.database.DatabaseProblem;
import dev.telltale.database.SqlWork;
import dev.telltale.problem.Problem;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs transactions that change what is stored of series, each with the partitions of its series locked: first here,
/// where one thread at a time writes to a partition, then in the database. Their rows are read by the tails at once.
final class PartitionWrites {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionWrites.class);

    private final Database database;
    private final List<PartitionTail> tails;
    private final Patience patience;

    /// @param tails of all partitions, by their numbers
    /// @param patience with others who write to the same partitions
    PartitionWrites(Database database, List<PartitionTail> tails, Patience patience) {
        this.database = database;
        this.tails = tails;
        this.patience = patience;
    }

    /// What is done in a transaction.
    @FunctionalInterface
    interface Work<T extends @Nullable Object> {

        /// Does it. What it changes is kept if it returns.
        T run(LogTransaction transaction) throws SQLException;
    }

    /// Runs a transaction of the database.
    @FunctionalInterface
    interface Way {
        <T extends @Nullable Object> T run(SqlWork<T> work);
    }

    /// What a transaction has given back, and the rows that are in the logs now.
    private record Outcome<T extends @Nullable Object>(T result, List<LogRow> rows) {}

    /// Runs a transaction that changes what is stored of these series.
    ///
    /// @throws Problem `STORE_OVERLOADED` if others write to their partitions for too long
    <T extends @Nullable Object> T run(List<StoredSeries> series, Way way, Work<T> work) {
        List<PartitionTail> locked = series.stream()
                .map(StoredSeries::partition)
                .distinct()
                .sorted()
                .map(tails::get)
                .toList();
        if (!awaits(locked, patience.end())) {
            throw busy();
        }
        try {
            Outcome<T> outcome = way.run(connection -> {
                try {
                    LogTransaction transaction = LogTransaction.begin(connection, locked);
                    T result = work.run(transaction);
                    transaction.finish();
                    return new Outcome<>(result, transaction.rows());
                } catch (FailedLook look) {
                    throw look.failure();
                }
            });
            take(outcome.rows());
            return outcome.result();
        } finally {
            locked.forEach(tail -> tail.writer().unlock());
        }
    }

    /// An ordered write keeps all others waiting, those of other processes too. It should not wait for a long
    /// upload itself, so it begins once nobody writes to the partition.
    <T extends @Nullable Object> T inOrder(StoredSeries held, Way way, Work<T> work) {
        PartitionTail tail = tails.get(held.partition());
        if (!awaits(List.of(tail), patience.end())) {
            throw busy();
        }
        try {
            database.writeAlone(connection -> PartitionTable.lock(connection, List.of(tail.partition())));
            return run(List.of(held), way, work);
        } finally {
            tail.writer().unlock();
        }
    }

    /// The rows are stored, whatever comes: a tail that has no memory for one now reads it again.
    private void take(List<LogRow> rows) {
        try {
            rows.forEach(row -> tails.get(row.partition()).took(row));
        } catch (OutOfMemoryError e) {
            LOG.warn("Samples that were stored did not fit into memory", e);
        }
    }

    /// Waits until this thread may write to the partitions.
    ///
    /// @param wanted ascending, so that two who wait for several never wait for each other
    /// @param end as `System.nanoTime` tells it
    /// @return whether it may; otherwise it holds none of them
    static boolean awaits(List<PartitionTail> wanted, long end) {
        List<PartitionTail> held = new ArrayList<>();
        try {
            for (PartitionTail tail : wanted) {
                if (!tail.awaitWriter(end)) {
                    break;
                }
                held.add(tail);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (held.size() < wanted.size()) {
            held.forEach(tail -> tail.writer().unlock());
            return false;
        }
        return true;
    }

    private Problem busy() {
        return DatabaseProblem.STORE_OVERLOADED
                .because("others write to the same part of the store; nothing has changed, try again in a moment")
                .retryAfter(patience.retryAfter());
    }
}
