package dev.telltale.database;

import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// The database of this process. Work runs on platform threads of the database's own, since native
/// calls would pin a virtual thread; the calling thread waits and may be virtual.
public interface Database extends AutoCloseable {

    /// Runs work in a read transaction: it sees one committed state, and writers do not wait for it.
    ///
    /// @throws dev.telltale.problem.Problem if the store does not work now
    <T extends @Nullable Object> T read(SqlWork<T> work);

    /// Runs work on the single writer and returns once its transaction is on disk. Works that wait
    /// at the same time share one commit; one that throws is rolled back alone.
    ///
    /// @throws dev.telltale.problem.Problem if the store does not work now or has no room left
    <T extends @Nullable Object> T write(SqlWork<T> work);

    /// The same for work that makes room, or ends what has begun: it is done also while so little room is left that
    /// nothing new is taken.
    ///
    /// @throws dev.telltale.problem.Problem if the store does not work now or the disk is full
    <T extends @Nullable Object> T writeFromReserve(SqlWork<T> work);

    /// Asks before something large is written whether there is room for it.
    ///
    /// @throws dev.telltale.problem.Problem `STORAGE_FULL` if nothing new is taken, or not so much of it
    void requireRoom(long bytes);

    /// Writes a copy of one committed state to a new file and syncs it. Readers and writers go on meanwhile.
    /// To be called on a platform thread, which does the work.
    ///
    /// @param file is not there yet
    /// @param stopped asked again and again whether to give up
    /// @throws java.util.concurrent.CancellationException if it was
    /// @throws dev.telltale.problem.Problem if there is no room for it or the store does not work now
    void copyTo(Path file, BooleanSupplier stopped);

    /// The single writer as a data source, for libraries that want one. A connection keeps all
    /// other writes waiting until it is closed; nothing on the writer itself may ask for one.
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
