package dev.telltale.database;

import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The single writer for libraries that want a data source: whoever has a connection of it is alone
/// until he closes it. Closing one with an open transaction rolls back.
final class WriterDataSource implements DataSource {

    private static final long PATIENCE_SECONDS = 30;

    private final GroupCommit writer;

    WriterDataSource(GroupCommit writer) {
        this.writer = writer;
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            Connection connection = writer.borrow(PATIENCE_SECONDS);
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, new Borrowed(connection));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while waiting for the writer", e);
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return (int) PATIENCE_SECONDS;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("there is no parent logger");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("there is nothing to unwrap");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }

    /// The writer's connection, except that `close` gives it back.
    private final class Borrowed implements InvocationHandler {

        private final Connection connection;
        private boolean returned;

        Borrowed(Connection connection) {
            this.connection = connection;
        }

        @Override
        public synchronized @Nullable Object invoke(
                Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
            return switch (method.getName()) {
                case "close" -> {
                    giveBack();
                    yield null;
                }
                case "isClosed" -> returned;
                default -> {
                    if (returned && method.getDeclaringClass() != Object.class) {
                        throw new SQLException("the connection is closed");
                    }
                    Object result = invoked(connection, method, arguments);
                    yield result instanceof Statement statement
                            ? Proxy.newProxyInstance(
                                    Statement.class.getClassLoader(),
                                    new Class<?>[] {method.getReturnType()},
                                    (itself, call, values) -> invoked(statement, call, values))
                            : result;
                }
            };
        }

        /// Errors of the store are the writer's to know of, whoever meets them.
        private @Nullable Object invoked(Object target, Method method, @Nullable Object @Nullable [] arguments)
                throws Throwable {
            try {
                return method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                if (e.getTargetException() instanceof SQLException failure) {
                    writer.noticed(failure);
                }
                throw e.getTargetException();
            }
        }

        private void endTransaction() throws SQLException {
            try {
                connection.rollback();
            } finally {
                // Also where SQLite ended the transaction by itself: the next borrower begins his own.
                connection.setAutoCommit(true);
            }
        }

        private void giveBack() throws SQLException {
            if (returned) {
                return;
            }
            returned = true;
            try {
                if (!connection.getAutoCommit()) {
                    endTransaction();
                }
            } finally {
                writer.giveBack();
            }
        }
    }
}
