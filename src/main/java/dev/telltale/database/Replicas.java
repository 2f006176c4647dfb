package dev.telltale.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/// The processes that work on the database, of which this is one. Who lives is judged by the database's clock alone.
public interface Replicas extends AutoCloseable {

    /// Those of a database, of which this process becomes one: the only one with SQLite.
    ///
    /// @param name what people call this process
    static Replicas on(Database database, String name) {
        return database instanceof PostgresDatabase shared ? new ReplicaTable(shared, name) : new OnlyReplica(name);
    }

    /// The name of this process, which no other has or ever had: not even one of before that people call the same.
    String self();

    /// Whether the process of this name lives: it, or somebody of its name, was heard of in the last 20 seconds. Asked
    /// in a work, it is so as of the state that the work sees.
    boolean isAlive(Connection connection, String name) throws SQLException;

    /// The names of those that live.
    Set<String> alive(Connection connection) throws SQLException;

    /// Whether other processes may work on the database, now or later.
    boolean areShared();

    /// Ends this one: the others know at once.
    @Override
    void close();
}
