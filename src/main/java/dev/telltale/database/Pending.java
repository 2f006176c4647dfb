package dev.telltale.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Work that another thread does, and the result for which its caller waits.
final class Pending<T extends @Nullable Object> {

    private final SqlWork<T> work;
    private final CompletableFuture<T> outcome = new CompletableFuture<>();
    private @Nullable Runnable completion;

    Pending(SqlWork<T> work) {
        this.work = work;
    }

    /// Does the work; its result stays hidden until `publish`.
    void run(Connection connection) throws SQLException {
        T result = work.run(connection);
        completion = () -> outcome.complete(result);
    }

    /// Notes that the work failed; the failure stays hidden until `publish`.
    void failed(Throwable cause) {
        completion = () -> outcome.completeExceptionally(cause);
    }

    void publish() {
        if (completion == null) {
            throw new IllegalStateException("the work was not done");
        }
        completion.run();
    }

    /// Waits for the result, also when interrupted: the work may be on disk already, and the caller
    /// must learn of it.
    T await() {
        try {
            return outcome.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case SQLException failure -> throw SqliteFailure.of(failure);
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw e;
            }
        }
    }
}
