package dev.telltale.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether the database server takes writes. Once a connection has failed the watch looks for itself, on a thread of
/// its own: if the server is gone all callers hear so at once, instead of each waiting for it, until a later look
/// finds it again.
final class ServerWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Look look;
    private final Runnable renew;
    private final Semaphore asked = new Semaphore(0);
    private final Thread thread;
    private volatile StoreState state = new StoreState.Writable(); // changes under `this`, as the one below
    private volatile StoreFailures failures = StoreFailures.NONE;

    /// A look at the server, bounded in time.
    @FunctionalInterface
    interface Look {

        /// Looks now.
        ///
        /// @throws SQLException if it cannot be reached or takes no writes
        void run() throws SQLException;
    }

    /// @param renew told at each look: connections of before may lead to a server that takes no writes any more
    ServerWatch(Look look, Runnable renew) {
        this.look = look;
        this.renew = renew;
        thread = Thread.ofVirtual().name("database-watch").start(this::watch);
    }

    /// @throws dev.telltale.problem.Problem while the server is known to be gone
    void require() {
        if (state instanceof StoreState.Failed) {
            throw PostgresFailure.unavailable();
        }
    }

    /// Tells of an error that someone met.
    void noticed(SQLException error) {
        if (PostgresFailure.isFull(error)) {
            full(String.valueOf(error.getMessage()));
        } else if (PostgresFailure.isOfTheServer(error)) {
            synchronized (this) {
                failures = failures.withBroken();
            }
            asked.release();
        }
    }

    /// Tells that something was written.
    void committed() {
        if (state instanceof StoreState.Full) {
            synchronized (this) {
                if (state instanceof StoreState.Full) {
                    LOG.info("The database server has room again");
                    state = new StoreState.Writable();
                }
            }
        }
    }

    StoreState state() {
        return state;
    }

    StoreFailures failures() {
        return failures;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (state instanceof StoreState.Failed) {
                    boolean _ = asked.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                } else {
                    asked.acquire();
                }
                asked.drainPermits();
                look();
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            look.run();
            renew.run();
            found();
        } catch (SQLException e) {
            if (!Thread.currentThread().isInterrupted()) {
                lost(e);
            }
        } catch (RuntimeException e) { // or nobody would look again
            LOG.error("The look at the database server failed", e);
        }
    }

    private synchronized void found() {
        if (state instanceof StoreState.Failed) {
            LOG.info("The database server answers again");
            state = new StoreState.Writable();
        }
    }

    private void lost(SQLException error) {
        String reason = "the database server does not take writes: " + Migrations.firstLine(error);
        synchronized (this) {
            if (!(state instanceof StoreState.Failed)) {
                LOG.error("The store does not work: {}", reason, error);
            }
            state = new StoreState.Failed(reason);
        }
        renew.run();
    }

    private synchronized void full(String reason) {
        failures = failures.withFull();
        if (state.isWritable()) {
            LOG.error("The store does not take writes: {}", reason);
            state = new StoreState.Full("the disk of the database server is full: " + reason);
        }
    }
}
