package dev.telltale.database;

import java.sql.Connection;
import java.sql.SQLException;

/// What was changed in the database of which processes keep a copy in memory. Each process hears of what the others
/// change, within a second or when it asks; it may hear of its own changes too.
///
/// Who listens before it reads what it keeps misses nothing.
public interface Changes extends AutoCloseable {

    /// Those of a database. With SQLite there are no others to hear of.
    static Changes on(Database database) {
        return database instanceof PostgresDatabase shared ? new ChangeTable(shared) : new NoChanges();
    }

    /// Notes a change, to be told once the transaction is committed.
    ///
    /// @param connection of an ordered write, `Database.write`: others could be overlooked
    /// @param kind of what was changed, such as `series`
    /// @param subject which of them
    void note(Connection connection, String kind, String subject) throws SQLException;

    /// Returns when those who listen here were told of all that was committed before the call. Not to be called in a
    /// work, by a listener, or with a lock that a listener waits for.
    ///
    /// @throws dev.telltale.problem.Problem if the database cannot be read now
    void catchUp();

    /// Tells from now on of changes of a kind.
    void listen(String kind, ChangeListener listener);

    @Override
    void close();

    /// For a process that has its database to itself.
    final class NoChanges implements Changes {

        private NoChanges() {}

        @Override
        public void note(Connection connection, String kind, String subject) {
            // this process knows
        }

        @Override
        public void catchUp() {
            // there is nothing new
        }

        @Override
        public void listen(String kind, ChangeListener listener) {
            // there is nothing to tell
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
