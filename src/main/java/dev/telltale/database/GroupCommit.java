package dev.telltale.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The single writer: one platform thread that takes all works that wait, does each in a savepoint
/// of its own and commits them together, so that one sync to disk serves them all.
final class GroupCommit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int LARGEST_GROUP = 256;
    private static final int MOST_WAITING = 4096;
    private static final long PROBE_SECONDS = 2;
    private static final Pending<Void> STOP = new Pending<>(connection -> {
        throw new IllegalStateException("the writer stops and does no work");
    });

    private final Connection connection;
    private final LinkedBlockingQueue<Pending<?>> waiting = new LinkedBlockingQueue<>();
    private final Semaphore turn = new Semaphore(1, true);
    private final Thread thread;
    private volatile Optional<String> failure = Optional.empty();
    private boolean closed;

    /// @param connection owned by the writer, in autocommit mode
    GroupCommit(Connection connection) {
        this.connection = connection;
        thread = Thread.ofPlatform().name("database-writer").start(this::work);
    }

    <T extends @Nullable Object> T run(SqlWork<T> work) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a write inside a write would wait for itself");
        }
        Pending<T> pending = new Pending<>(work);
        enqueue(pending);
        return pending.await();
    }

    Optional<String> failure() {
        return failure;
    }

    /// The connection, for a borrower that has it to himself until he gives it back.
    Connection borrow(long seconds) throws SQLException, InterruptedException {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("the writer would wait for itself");
        }
        if (!turn.tryAcquire(seconds, TimeUnit.SECONDS)) {
            throw new SQLException("the writer was not free within " + seconds + " seconds");
        }
        return connection;
    }

    void giveBack() {
        turn.release();
    }

    /// Does what waits, then ends.
    @Override
    public void close() {
        synchronized (waiting) {
            if (closed) {
                return;
            }
            closed = true;
            waiting.add(STOP);
        }
        try {
            thread.join();
            turn.acquire();
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (SQLException e) {
            LOG.warn("The writer could not be closed", e);
        }
    }

    private void enqueue(Pending<?> pending) {
        synchronized (waiting) {
            if (closed) {
                throw DatabaseProblem.STORE_UNAVAILABLE.because("the service is shutting down; try again in a moment");
            }
            if (waiting.size() >= MOST_WAITING) {
                throw DatabaseProblem.STORE_OVERLOADED.because(
                        "%d writes wait already; try again in a moment", MOST_WAITING);
            }
            waiting.add(pending);
        }
    }

    private void work() {
        while (true) {
            List<Pending<?>> group = next();
            boolean stop = group.remove(STOP);
            turn.acquireUninterruptibly();
            try {
                commit(group);
            } finally {
                turn.release();
            }
            if (stop) {
                return;
            }
        }
    }

    /// All that waits. After a failure it may be empty: then the commit shows whether the store works again.
    private List<Pending<?>> next() {
        List<Pending<?>> group = new ArrayList<>();
        try {
            Pending<?> first = failure.isEmpty() ? waiting.take() : waiting.poll(PROBE_SECONDS, TimeUnit.SECONDS);
            if (first != null) {
                group.add(first);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the writer", e);
        }
        waiting.drainTo(group, LARGEST_GROUP - group.size());
        return group;
    }

    private void commit(List<Pending<?>> group) {
        try {
            execute("BEGIN IMMEDIATE");
            for (Pending<?> pending : group) {
                attempt(pending);
            }
            if (failure.isPresent()) {
                // An empty transaction writes nothing; this one touches the first page and syncs.
                execute("PRAGMA user_version = 1");
            }
            execute("COMMIT");
            recovered();
        } catch (SQLException | RuntimeException | Error e) {
            // Whatever it was: callers must not wait for ever, and the thread must live.
            rollBack();
            broken(e);
            group.forEach(pending -> pending.failed(e));
        }
        group.forEach(Pending::publish);
    }

    private void attempt(Pending<?> pending) throws SQLException {
        execute("SAVEPOINT work");
        try {
            pending.run(connection);
        } catch (SQLException e) {
            if (SqliteFailure.isOfTheStore(e)) {
                // SQLite may have rolled back the whole transaction, the works before this one included.
                throw e;
            }
            pending.failed(e);
            execute("ROLLBACK TO work");
        } catch (RuntimeException | Error e) {
            pending.failed(e);
            execute("ROLLBACK TO work");
        }
        execute("RELEASE work");
    }

    private void rollBack() {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            LOG.debug("There was nothing left to roll back", e);
        }
    }

    private void broken(Throwable error) {
        if (failure.isEmpty()) {
            LOG.error("The store does not take writes: {}", error.getMessage(), error);
        }
        failure = Optional.of(String.valueOf(error.getMessage()));
    }

    private void recovered() {
        if (failure.isPresent()) {
            LOG.info("The store takes writes again");
            failure = Optional.empty();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
