package dev.telltale.database;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;

/// SQLite in one file of the data directory, with a write-ahead log that is synced at each commit.
public final class SqliteDatabase implements Database {

    private static final String FILE = "telltale.db";
    private static final int READERS = 3;
    /// Of SQLite's virtual machine, some milliseconds of a copy.
    private static final int STEPS_BETWEEN_QUESTIONS = 10_000;

    /// What every connection needs; the mode of the log is kept in the file.
    private static final List<String> FOR_ALL = List.of(
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = FULL",
            "PRAGMA busy_timeout = 10000",
            "PRAGMA foreign_keys = ON",
            "PRAGMA temp_store = MEMORY");
    /// The writer shortens the log by itself. The log shrinks again after a burst.
    private static final List<String> FOR_THE_WRITER = List.of(
            "PRAGMA cache_size = -16384", "PRAGMA wal_autocheckpoint = 0", "PRAGMA journal_size_limit = 67108864");
    private static final List<String> FOR_READERS = List.of("PRAGMA cache_size = -8192", "PRAGMA query_only = ON");

    private final DataDirectory directory;
    private final FreeSpace space;
    private final SQLiteDataSource source;
    private final GroupCommit writer;
    private final Readers readers;
    private final DataSource writerSource;

    private SqliteDatabase(
            DataDirectory directory, FreeSpace space, SQLiteDataSource source, GroupCommit writer, Readers readers) {
        this.directory = directory;
        this.space = space;
        this.source = source;
        this.writer = writer;
        this.readers = readers;
        this.writerSource = new WriterDataSource(writer);
    }

    /// The database of this directory with its tables brought up to date. It may fill the disk.
    public static SqliteDatabase open(DataDirectory directory) {
        return open(directory, new FreeSpace(FreeSpace.Disk.of(directory.path()), FreeSpace.Bound.NONE));
    }

    /// Whether a directory holds a database.
    static boolean isThere(Path directory) {
        return Files.isRegularFile(directory.resolve(FILE));
    }

    /// The database of a directory for a command that changes little: also while a service works on it, and
    /// before the first one did.
    public static SqliteDatabase forCommand(Path directory) {
        if (!isUpToDate(directory.resolve(FILE))) {
            try (DataDirectory held = DataDirectory.open(directory)) {
                open(held).close();
            }
        }
        DataDirectory beside = DataDirectory.beside(directory);
        return open(beside, new FreeSpace(FreeSpace.Disk.of(beside.path()), FreeSpace.Bound.NONE), false);
    }

    /// @param space while there is little of it nothing new is taken
    static SqliteDatabase open(DataDirectory directory, FreeSpace space) {
        return open(directory, space, true);
    }

    /// @param held whether no other process works on the database
    private static SqliteDatabase open(DataDirectory directory, FreeSpace space, boolean held) {
        Path file = directory.privateFile(FILE);
        SQLiteDataSource source = source(file);
        try {
            Connection writer = connect(source, FOR_THE_WRITER);
            if (held) {
                bringToDisk(writer, file);
                migrate(source);
            }
            List<Connection> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(connect(source, FOR_READERS));
            }
            return new SqliteDatabase(
                    directory, space, source, new GroupCommit(writer, space::look), new Readers(readers));
        } catch (SQLException | FlywayException e) {
            throw unusable(file, e);
        }
    }

    @Override
    public <T extends @Nullable Object> T read(SqlWork<T> work) {
        return readers.run(work);
    }

    @Override
    public <T extends @Nullable Object> T write(SqlWork<T> work) {
        space.require();
        return writer.run(work);
    }

    @Override
    public <T extends @Nullable Object> T writeFromReserve(SqlWork<T> work) {
        return writer.run(work);
    }

    @Override
    public <T extends @Nullable Object> T writeAlone(SqlWork<T> work) {
        return writer.run(work);
    }

    @Override
    public void requireRoom(long bytes) {
        space.require(bytes);
    }

    @Override
    public void copyTo(Path file, BooleanSupplier stopped) {
        // A reader's transaction would refuse it, so it has a connection of its own.
        try (Connection connection = connect(source, List.of("PRAGMA cache_size = -8192"));
                PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
            ProgressHandler.setHandler(connection, STEPS_BETWEEN_QUESTIONS, new ProgressHandler() {
                @Override
                protected int progress() {
                    return stopped.getAsBoolean() ? 1 : 0;
                }
            });
            vacuum.setString(1, file.toString());
            vacuum.execute();
            DataDirectory.force(file);
        } catch (SQLException e) {
            if (e.getErrorCode() == SQLiteErrorCode.SQLITE_INTERRUPT.code) {
                throw new CancellationException("the copy was given up");
            }
            throw SqliteFailure.of(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Dialect dialect() {
        return Dialect.SQLITE;
    }

    @Override
    public DataSource writer() {
        return writerSource;
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
        StoreState state = writer.state();
        return state.isWritable() && !space.isEnough() ? new StoreState.Full(space.reason()) : state;
    }

    StoreFailures failures() {
        return writer.failures();
    }

    @Override
    public void close() {
        readers.close();
        writer.close();
    }

    private static Connection connect(SQLiteDataSource source, List<String> more) throws SQLException {
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            for (String pragma : FOR_ALL) {
                statement.execute(pragma);
            }
            for (String pragma : more) {
                statement.execute(pragma);
            }
        }
        return connection;
    }

    /// What an earlier process could not sync may stand in the log as the kernel remembers it, and not on disk. All
    /// of the log is written to the database file, and synced there, before anything is built on it.
    ///
    /// @throws DataDirectoryUnusable if another process reads it for longer than a connection waits
    static void bringToDisk(Connection writer, Path file) throws SQLException {
        if (!new WriteAheadLog(writer).beginAnew()) {
            throw new DataDirectoryUnusable(
                    "Another process, such as the command 'keys' or a copy, reads the database " + file + ".",
                    "Wait until it ends, or end it, and start again.");
        }
    }

    private static SQLiteDataSource source(Path file) {
        SQLiteDataSource source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    private static void migrate(DataSource source) {
        Migrations migrations = new Migrations(source, Dialect.SQLITE);
        refuseNewer(migrations);
        migrations.run();
    }

    /// Whether there is a database that has all tables.
    private static boolean isUpToDate(Path file) {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        try {
            Migrations migrations = new Migrations(source(file), Dialect.SQLITE);
            refuseNewer(migrations);
            return migrations.areDone();
        } catch (FlywayException e) {
            throw unusable(file, e);
        }
    }

    private static DataDirectoryUnusable unusable(Path file, Exception cause) {
        return new DataDirectoryUnusable(
                "The database " + file + " cannot be opened (" + Migrations.firstLine(cause) + ").",
                "Look at the disk and the permissions of the directory, or restore it from a copy.");
    }

    private static void refuseNewer(Migrations migrations) {
        migrations.newerVersion().ifPresent(version -> {
            throw new DataDirectoryUnusable(
                    "The data directory was written by a newer version of Telltale: its database has the tables of version "
                            + version + ".",
                    "Start that newer version, or restore the directory from a copy of before the update.");
        });
    }
}
