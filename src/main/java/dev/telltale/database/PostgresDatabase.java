package dev.telltale.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PostgreSQL, which other processes may work on at the same time. Works run on the thread that asks, each in a
/// transaction of its own on a connection of a pool.
///
/// Ordered writes stand in line for one lock of the whole database, so they are as alone as SQLite's are. They see what
/// was committed before they got it, for which they must be READ COMMITTED: the one state that REPEATABLE READ sees is
/// that of the first statement, and this is the one that waits for the lock.
public final class PostgresDatabase implements Database {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresDatabase.class);

    /// The lock for which ordered writes stand in line: the letters of TELLTALE as a number.
    static final long ORDER = 0x54454C4C54414C45L;

    private static final String ORDERED = "SELECT pg_advisory_xact_lock(" + ORDER + ")";
    private static final String ONE_STATE = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
    /// The transaction has begun with nothing that changes it.
    private static final String PLAIN = "";

    /// Waits have ends, here and at the server, whoever is in the way. Acknowledged data is on disk, whatever the
    /// server takes as its default.
    private static final String FOR_ALL = "SET default_transaction_isolation = 'read committed';"
            + " SET lock_timeout = '10s';"
            + " SET statement_timeout = '60s';"
            + " SET idle_in_transaction_session_timeout = '30s';"
            + " SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";
    /// Longer than the server lets a statement run.
    private static final Duration ANSWER = Duration.ofSeconds(65);

    /// For a statement that is asked again in a moment, whoever locks one of its tables.
    private static final int SHORT_SECONDS = 2;
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration CONNECTION = Duration.ofSeconds(5);
    private static final Duration TURN = Duration.ofSeconds(10);
    private static final Duration END = Duration.ofSeconds(20);

    private static final int MOST_AT_ONCE = 4096;
    /// One that works, and the next, which waits for the lock at the server already.
    private static final int ORDERED_AT_ONCE = 2;
    /// Connections that no writer takes: writers may wait for each other, readers wait for nobody.
    private static final int FOR_READERS = 2;
    /// One that no other writer takes, by which others hear that this process lives.
    private static final int FOR_SIGNS = 1;

    private final DataDirectory directory;
    private final FreeSpace space;
    private final HikariDataSource pool;
    private final ServerWatch watch;
    private final Watermarks watermarks = new Watermarks(this::row);
    private final Semaphore works = new Semaphore(MOST_AT_ONCE);
    private final Semaphore ordered = new Semaphore(ORDERED_AT_ONCE, true);
    private final Semaphore alone;
    private final Semaphore signs = new Semaphore(FOR_SIGNS, true);
    private final AtomicBoolean closed = new AtomicBoolean();
    /// Bound while this thread does a work: to whether it is an ordered write.
    private final ScopedValue<Boolean> working = ScopedValue.newInstance();

    /// @param answer how long the server may take for an answer; zero: as long as it likes
    private PostgresDatabase(DataDirectory directory, FreeSpace space, PostgresProperties properties, Duration answer) {
        this.directory = directory;
        this.space = space;
        pool = pool(properties, answer);
        alone = new Semaphore(properties.pool() - ORDERED_AT_ONCE - FOR_READERS - FOR_SIGNS, true);
        PostgresSource looks = new PostgresSource(properties, LOOK);
        watch = new ServerWatch(
                () -> PostgresServer.requireWritable(looks),
                () -> pool.getHikariPoolMXBean().softEvictConnections());
    }

    /// The database with its tables brought up to date.
    ///
    /// @param directory for files of this process alone
    /// @param space while there is little of it no files are written there; the database asks nothing of it
    /// @throws DatabaseUnusable if it cannot be reached, or cannot be used
    static PostgresDatabase open(DataDirectory directory, FreeSpace space, PostgresProperties properties) {
        PostgresServer server = new PostgresServer(properties);
        server.prepare();
        server.refuseUnfinishedMove();
        return new PostgresDatabase(directory, space, properties, ANSWER);
    }

    /// The same for who moves an installation into it: an earlier move may have been cut short, and a single statement
    /// may take long.
    ///
    /// @throws DatabaseUnusable if it cannot be reached, or cannot be used
    static PostgresDatabase openForMove(DataDirectory directory, FreeSpace space, PostgresProperties properties) {
        new PostgresServer(properties).prepare();
        return new PostgresDatabase(directory, space, properties, Duration.ZERO);
    }

    @Override
    public Dialect dialect() {
        return Dialect.POSTGRESQL;
    }

    @Override
    public <T extends @Nullable Object> T read(SqlWork<T> work) {
        return run(false, () -> {
            try (Turn turn = new Turn()) {
                return turn.result(ONE_STATE, work, false);
            }
        });
    }

    @Override
    public <T extends @Nullable Object> T write(SqlWork<T> work) {
        return run(true, () -> {
            await(ordered);
            try (Turn turn = new Turn()) {
                return turn.result(ORDERED, work, true);
            } finally {
                ordered.release();
            }
        });
    }

    @Override
    public <T extends @Nullable Object> T writeFromReserve(SqlWork<T> work) {
        return write(work);
    }

    @Override
    public <T extends @Nullable Object> T writeAlone(SqlWork<T> work) {
        return writeInTurn(alone, work);
    }

    @Override
    public <T extends @Nullable Object> T writeSign(SqlWork<T> work) {
        return writeInTurn(signs, work);
    }

    private <T extends @Nullable Object> T writeInTurn(Semaphore turns, SqlWork<T> work) {
        return run(false, () -> {
            await(turns);
            try (Turn turn = new Turn()) {
                return turn.result(PLAIN, work, true);
            } finally {
                turns.release();
            }
        });
    }

    @Override
    public void follow(String mark, Predicate<String> isNews, Pulse pulse) {
        watermarks.follow(mark, isNews, pulse);
    }

    @Override
    public void requireRoom(long bytes) {
        space.require(bytes);
    }

    @Override
    public void copyTo(Path file, BooleanSupplier stopped) {
        throw DatabaseProblem.COPY_NOT_OFFERED.because(
                "the data is in a PostgreSQL database, which is copied with its own tools, such as pg_dump");
    }

    @Override
    public DataSource writer() {
        return pool;
    }

    @Override
    public TemporaryFile temporaryFile() {
        space.require();
        return directory.temporaryFile(space::require);
    }

    @Override
    public TemporaryFile temporaryFileFromReserve() {
        return directory.temporaryFile(() -> {});
    }

    @Override
    public StoreState state() {
        return watch.state();
    }

    StoreFailures failures() {
        return watch.failures();
    }

    /// Whether this thread does an ordered write.
    boolean isOrdered() {
        return working.orElse(false);
    }

    /// Connections and who waits for one.
    PoolState connections() {
        return new PoolState(
                pool.getHikariPoolMXBean().getActiveConnections(),
                pool.getHikariPoolMXBean().getIdleConnections(),
                pool.getHikariPoolMXBean().getThreadsAwaitingConnection());
    }

    /// @param active connections in use
    /// @param idle connections that wait to be used
    /// @param waiting threads that wait for a connection
    record PoolState(int active, int idle, int waiting) {}

    /// Lets the works end that have begun.
    @Override
    public void close() {
        watermarks.close();
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            if (!works.tryAcquire(MOST_AT_ONCE, END.toSeconds(), TimeUnit.SECONDS)) {
                LOG.warn("Transactions that do not end are cut off");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.close();
        pool.close();
    }

    private <T extends @Nullable Object> T run(boolean isOrdered, ScopedValue.CallableOp<T, SQLException> transaction) {
        if (working.isBound()) {
            throw new IllegalStateException("a work inside a work would wait for itself, or for a connection");
        }
        if (closed.get()) {
            throw DatabaseProblem.STORE_UNAVAILABLE.because("the service is shutting down; try again in a moment");
        }
        watch.require();
        if (!works.tryAcquire()) {
            throw PostgresFailure.overloaded();
        }
        // An interrupt would cut the connection of a virtual thread, and leave open whether its changes are there.
        boolean interrupted = Thread.interrupted();
        try {
            return ScopedValue.where(working, isOrdered).call(transaction);
        } catch (SQLException e) {
            watch.noticed(e);
            if (PostgresFailure.isContention(e)) {
                LOG.warn("A transaction gave up: {}", e.getMessage());
            }
            throw PostgresFailure.of(e);
        } finally {
            works.release();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// A single statement sees one state by itself, and needs no transaction to be begun and ended.
    private List<String> row(String select) {
        return run(false, () -> {
            try (Connection connection = pool.getConnection();
                    PreparedStatement statement = connection.prepareStatement(select)) {
                statement.setQueryTimeout(SHORT_SECONDS);
                try (ResultSet row = statement.executeQuery()) {
                    row.next();
                    List<String> columns = new ArrayList<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        columns.add(Objects.requireNonNullElse(row.getString(i), ""));
                    }
                    return columns;
                }
            }
        });
    }

    private static void await(Semaphore turn) {
        try {
            if (!turn.tryAcquire(TURN.toSeconds(), TimeUnit.SECONDS)) {
                throw PostgresFailure.overloaded();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw PostgresFailure.overloaded();
        }
    }

    private static HikariDataSource pool(PostgresProperties properties, Duration answer) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("database");
        config.setDataSource(new PostgresSource(properties, answer));
        config.setMaximumPoolSize(properties.pool());
        config.setMinimumIdle(ORDERED_AT_ONCE);
        config.setConnectionTimeout(CONNECTION.toMillis());
        config.setInitializationFailTimeout(-1);
        config.setConnectionInitSql(FOR_ALL);
        return new HikariDataSource(config);
    }

    /// One transaction on a connection of the pool.
    private final class Turn implements AutoCloseable {

        private final Connection connection;

        Turn() throws SQLException {
            connection = pool.getConnection();
        }

        /// @param begin its first statement, or none
        /// @param writes whether it is committed
        <T extends @Nullable Object> T result(String begin, SqlWork<T> work, boolean writes) throws SQLException {
            connection.setAutoCommit(false);
            boolean done = false;
            try {
                if (!begin.isEmpty()) {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute(begin);
                    }
                }
                T result = work.run(connection);
                if (writes) {
                    connection.commit();
                    watch.committed();
                } else {
                    connection.rollback();
                }
                done = true;
                return result;
            } finally {
                if (!done) {
                    rollBack();
                }
            }
        }

        private void rollBack() {
            try {
                connection.rollback();
            } catch (SQLException e) {
                LOG.debug("There was nothing left to roll back", e);
            }
        }

        /// What was committed stays so: nobody hears of a connection that fails on its way back.
        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.debug("A connection failed when it was given back", e);
            }
        }
    }
}
