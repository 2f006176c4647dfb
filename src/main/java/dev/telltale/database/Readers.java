package dev.telltale.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A few reading connections, each used by one platform thread at a time.
final class Readers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Readers.class);

    private final BlockingQueue<Connection> idle;
    private final ExecutorService threads;

    /// @param connections owned by the readers, as many as may read at once
    Readers(List<Connection> connections) {
        idle = new ArrayBlockingQueue<>(connections.size(), false, connections);
        threads = Executors.newFixedThreadPool(
                connections.size(),
                Thread.ofPlatform().name("database-reader-", 0).factory());
    }

    /// Runs work in a transaction that sees one committed state.
    <T extends @Nullable Object> T run(SqlWork<T> work) {
        Pending<T> pending = new Pending<>(work);
        try {
            threads.execute(() -> read(pending));
        } catch (RejectedExecutionException e) {
            throw DatabaseProblem.STORE_UNAVAILABLE.because("the service is shutting down; try again in a moment");
        }
        return pending.await();
    }

    @Override
    public void close() {
        threads.close();
        for (Connection connection : idle) {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException("a reader could not be closed", e);
            }
        }
    }

    private void read(Pending<?> pending) {
        // There are as many connections as threads, so one is always idle here.
        Connection connection = idle.remove();
        try {
            execute(connection, "BEGIN");
            try {
                pending.run(connection);
            } finally {
                execute(connection, "ROLLBACK");
            }
        } catch (SQLException e) {
            LOG.error("A read failed: {}", e.getMessage(), e);
            pending.failed(e);
        } catch (RuntimeException | Error e) {
            pending.failed(e);
        } finally {
            idle.add(connection);
            pending.publish();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
