package dev.telltale.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The single writer: one platform thread that takes all works that wait, does each in a savepoint
/// of its own and commits them together, so that one sync to disk serves them all.
///
/// When the disk fails nothing is written until what may not have reached it has been written anew: the kernel may
/// take pages for written whose sync failed, and a second sync would say nothing.
final class GroupCommit implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int LARGEST_GROUP = 256;
    private static final int MOST_WAITING = 4096;
    private static final Duration PROBE_PAUSE = Duration.ofSeconds(2);
    /// A checkpoint each 4,000 pages (16 MB) writes a page that many commits touched only once.
    private static final int LONG_LOG_PAGES = 4000;

    private static final Pending<Void> STOP = new Pending<>(connection -> {
        throw new IllegalStateException("the writer stops and does no work");
    });

    private final Connection connection;
    private final WriteAheadLog log;
    private final LinkedBlockingQueue<Pending<?>> waiting = new LinkedBlockingQueue<>();
    private final Semaphore turn = new Semaphore(1, true);
    private final Runnable onFull;
    private final Duration probePause;
    private final Thread thread;
    /// Changed by who has the turn; for the worse under `waiting` too, so that nothing joins a queue that nobody
    /// serves.
    private volatile StoreState state = new StoreState.Writable();

    private volatile StoreFailures failures = StoreFailures.NONE; // changes under `waiting`
    private boolean closed;

    /// @param connection owned by the writer, in autocommit mode, without checkpoints of its own
    /// @param onFull told of each write for which there was no room
    GroupCommit(Connection connection, Runnable onFull) {
        this(connection, onFull, PROBE_PAUSE);
    }

    /// @param probePause between looks whether a store that failed works again
    GroupCommit(Connection connection, Runnable onFull, Duration probePause) {
        this.connection = connection;
        this.log = new WriteAheadLog(connection);
        this.onFull = onFull;
        this.probePause = probePause;
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

    StoreState state() {
        return state;
    }

    StoreFailures failures() {
        return failures;
    }

    /// Whether a work waits for its turn.
    boolean isAwaited() {
        return !waiting.isEmpty();
    }

    /// The connection, for a borrower that has it to himself until he gives it back.
    Connection borrow(long seconds) throws SQLException, InterruptedException {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("the writer would wait for itself");
        }
        if (!turn.tryAcquire(seconds, TimeUnit.SECONDS)) {
            throw new SQLException("the writer was not free within " + seconds + " seconds");
        }
        if (state instanceof StoreState.Failed(String reason)) {
            turn.release();
            throw new SQLException("the store does not take writes: " + reason);
        }
        return connection;
    }

    void giveBack() {
        turn.release();
    }

    /// Tells of an error that a borrower met.
    void noticed(SQLException error) {
        if (SqliteFailure.isOfTheStore(error)) {
            refuse(broken(error), error);
        }
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
            if (state instanceof StoreState.Failed) {
                throw DiskFailure.unavailable();
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
                if (!group.isEmpty() || !state.isWritable()) {
                    commit(group);
                }
                shortenLog();
            } finally {
                turn.release();
            }
            if (stop) {
                return;
            }
        }
    }

    /// All that waits. It may be empty: then the commit shows whether a store that failed works again.
    private List<Pending<?>> next() {
        List<Pending<?>> group = new ArrayList<>();
        try {
            Pending<?> first = waiting.poll(probePause.toMillis(), TimeUnit.MILLISECONDS);
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
            if (state instanceof StoreState.Failed) {
                writeAnew();
            }
            execute("BEGIN IMMEDIATE");
            for (Pending<?> pending : group) {
                attempt(pending);
            }
            if (!state.isWritable()) {
                // An empty transaction writes nothing; this one touches the first page and syncs.
                execute("PRAGMA user_version = 1");
            }
            execute("COMMIT");
            recovered();
        } catch (SQLException | RuntimeException | Error e) {
            // Whatever it was: callers must not wait for ever, and the thread must live.
            rollBack();
            group.forEach(pending -> pending.failed(e));
            refuse(broken(e), e);
        }
        group.forEach(Pending::publish);
    }

    private static void refuse(List<Pending<?>> works, Throwable error) {
        for (Pending<?> pending : works) {
            pending.failed(error);
            pending.publish();
        }
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

    /// Moves what the log holds to the database file once there is much of it. SQLite would do so in a commit, and
    /// keep it to itself if the disk failed then.
    private void shortenLog() {
        if (state instanceof StoreState.Failed) {
            return;
        }
        try {
            if (log.pages() >= LONG_LOG_PAGES) {
                log.shorten();
            }
        } catch (SQLException e) {
            if (SqliteFailure.isFull(e)) {
                LOG.debug("There is no room to shorten the log", e);
            } else {
                refuse(broken(e), e);
            }
        }
    }

    /// Then nothing depends on pages of the log, or of an earlier checkpoint, that the disk may never have got.
    private void writeAnew() throws SQLException {
        if (!log.beginAnew()) {
            throw new SQLException("readers keep the log from being written anew");
        }
    }

    private void rollBack() {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            LOG.debug("There was nothing left to roll back", e);
        }
    }

    /// @return works that waited, which nobody does now
    private List<Pending<?>> broken(Throwable error) {
        boolean full = error instanceof SQLException failure && SqliteFailure.isFull(failure);
        String reason = String.valueOf(error.getMessage());
        List<Pending<?>> refused = new ArrayList<>();
        synchronized (waiting) {
            if (state.isWritable() || (!full && !(state instanceof StoreState.Failed))) {
                LOG.error("The store does not take writes: {}", reason, error);
            }
            failures = full ? failures.withFull() : failures.withBroken();
            // What may not have been synced stays so, whatever else goes wrong.
            state = full && !(state instanceof StoreState.Failed)
                    ? new StoreState.Full(reason)
                    : new StoreState.Failed(reason);
            if (state instanceof StoreState.Failed) {
                waiting.drainTo(refused);
                if (refused.remove(STOP)) {
                    waiting.add(STOP);
                }
            }
        }
        if (full) {
            onFull.run();
        }
        return refused;
    }

    private void recovered() {
        if (!state.isWritable()) {
            LOG.info("The store takes writes again");
            state = new StoreState.Writable();
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
