package dev.telltale.database;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The database: SQLite of this process alone, or PostgreSQL that other processes work on too. The calling thread
/// waits for its work and may be virtual.
///
/// A work calls neither `read` nor `write…` of the same database: it would wait for itself, or for a connection that
/// others wait for who wait for it.
public interface Database extends AutoCloseable {

    /// The SQL that it speaks.
    Dialect dialect();

    /// Runs work in a read transaction: it sees one committed state, and writers do not wait for it.
    ///
    /// @throws dev.telltale.problem.Problem if the store does not work now
    <T extends @Nullable Object> T read(SqlWork<T> work);

    /// Runs work after all writes before it and before all after it, those of other processes included, so that what
    /// it finds is so until its own changes are there. Returns once they are on disk. A work that throws is rolled
    /// back alone.
    ///
    /// @throws dev.telltale.problem.Problem if the store does not work now or has no room left
    <T extends @Nullable Object> T write(SqlWork<T> work);

    /// The same for work that makes room, or ends what has begun: it is done also while so little room is left that
    /// nothing new is taken.
    ///
    /// @throws dev.telltale.problem.Problem if the store does not work now or the disk is full
    <T extends @Nullable Object> T writeFromReserve(SqlWork<T> work);

    /// Runs work in a transaction of its own, beside other writes where the database can: for who changes only rows
    /// that are his, or locks those that he changes. It may run while little room is left.
    ///
    /// @throws dev.telltale.problem.Problem if the store does not work now or the disk is full
    <T extends @Nullable Object> T writeAlone(SqlWork<T> work);

    /// As `writeAlone`, for what says within moments that this process lives: no other write of it keeps it waiting.
    ///
    /// @throws dev.telltale.problem.Problem if the store does not work now or the disk is full
    default <T extends @Nullable Object> T writeSign(SqlWork<T> work) {
        return writeAlone(work);
    }

    /// Has something done soon after other processes may have changed what it looks at, until the pulse is closed. A
    /// database of this process alone tells of nothing.
    ///
    /// @param mark SQL of one value, cheap to find, which is another one after each such change
    /// @param isNews asked with each new value, the empty text in place of null, whether this process is concerned
    default void follow(String mark, Predicate<String> isNews, Pulse pulse) {}

    /// The same for who is concerned each time.
    default void follow(String mark, Pulse pulse) {
        follow(mark, value -> true, pulse);
    }

    /// Asks before something large is written to the data directory whether there is room for it.
    ///
    /// @throws dev.telltale.problem.Problem `STORAGE_FULL` if nothing new is taken, or not so much of it
    void requireRoom(long bytes);

    /// Writes a copy of one committed state to a new file and syncs it. Readers and writers go on meanwhile.
    /// To be called on a platform thread, which does the work.
    ///
    /// @param file is not there yet
    /// @param stopped asked again and again whether to give up
    /// @throws java.util.concurrent.CancellationException if it was
    /// @throws dev.telltale.problem.Problem if there is no room for it or the store does not work now;
    ///     `COPY_NOT_OFFERED` if the database has tools of its own for that
    void copyTo(Path file, BooleanSupplier stopped);

    /// Connections for libraries that want a data source. With SQLite it is the single writer: a connection keeps all
    /// other writes waiting until it is closed. Nothing in a work may ask for one.
    DataSource writer();

    /// A file for what does not fit into memory; its owner closes it.
    ///
    /// @throws dev.telltale.problem.Problem if the disk is full or fails
    TemporaryFile temporaryFile();

    /// The same for work that makes room.
    TemporaryFile temporaryFileFromReserve();

    StoreState state();

    @Override
    void close();
}
