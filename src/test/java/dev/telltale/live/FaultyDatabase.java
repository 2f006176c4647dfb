package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.database.Dialect;
import dev.telltale.database.SqlWork;
import dev.telltale.database.StoreState;
import dev.telltale.database.TemporaryFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// A database whose ordered writes fail before a statement that the test chooses, or before they are committed.
final class FaultyDatabase implements Database {

    private final Database database;
    private int left = Integer.MAX_VALUE;
    private boolean cutsConnection;
    private boolean failsBeforeCommit;

    FaultyDatabase(Database database) {
        this.database = database;
    }

    /// Lets the next ordered write fail.
    ///
    /// @param statements that are done before; if there are no more the write fails before its commit
    /// @param cutsConnection whether the server ends the connection, or our code throws
    void failAfter(int statements, boolean cutsConnection) {
        left = statements;
        this.cutsConnection = cutsConnection;
    }

    /// Whether the write that was to fail had no more statements.
    boolean failedBeforeCommit() {
        return failsBeforeCommit;
    }

    @Override
    public <T extends @Nullable Object> T write(SqlWork<T> work) {
        return database.write(connection -> {
            if (left == Integer.MAX_VALUE) {
                return work.run(connection);
            }
            failsBeforeCommit = false;
            T result = work.run(counted(connection));
            failsBeforeCommit = true;
            fail(connection);
            return result;
        });
    }

    private Connection counted(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    if (method.getName().equals("prepareStatement") && left-- == 0) {
                        fail(connection);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void fail(Connection connection) throws SQLException {
        left = Integer.MAX_VALUE;
        if (cutsConnection) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_terminate_backend(pg_backend_pid())");
            }
        }
        throw new IllegalStateException("the test lets it fail here");
    }

    @Override
    public Dialect dialect() {
        return database.dialect();
    }

    @Override
    public <T extends @Nullable Object> T read(SqlWork<T> work) {
        return database.read(work);
    }

    @Override
    public <T extends @Nullable Object> T writeFromReserve(SqlWork<T> work) {
        return database.writeFromReserve(work);
    }

    @Override
    public <T extends @Nullable Object> T writeAlone(SqlWork<T> work) {
        return database.writeAlone(work);
    }

    @Override
    public void requireRoom(long bytes) {
        database.requireRoom(bytes);
    }

    @Override
    public void copyTo(Path file, BooleanSupplier stopped) {
        database.copyTo(file, stopped);
    }

    @Override
    public DataSource writer() {
        return database.writer();
    }

    @Override
    public TemporaryFile temporaryFile() {
        return database.temporaryFile();
    }

    @Override
    public TemporaryFile temporaryFileFromReserve() {
        return database.temporaryFileFromReserve();
    }

    @Override
    public StoreState state() {
        return database.state();
    }

    @Override
    public void close() {
        database.close();
    }
}
