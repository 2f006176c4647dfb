package dev.telltale.database;

import java.sql.Connection;

/// The leases of a database, each by its name.
public interface Leases extends AutoCloseable {

    /// Those of a database. With SQLite this process holds them all.
    static Leases on(Database database, Replicas replicas) {
        return database instanceof PostgresDatabase shared
                ? new LeaseTable(shared, replicas.self(), System::nanoTime)
                : new OwnLeases();
    }

    /// The lease of this name, which this process seeks from now on.
    Lease lease(String name);

    /// Gives back those that are held.
    @Override
    void close();

    /// The leases of a process that has its database to itself.
    final class OwnLeases implements Leases, Lease {

        private OwnLeases() {}

        @Override
        public Lease lease(String name) {
            return this;
        }

        @Override
        public boolean isHeld() {
            return true;
        }

        @Override
        public void require(Connection connection) {
            // nobody else is there
        }

        @Override
        public void listen(LeaseListener listener) {
            listener.gained();
        }

        @Override
        public void close() {
            // nobody waits for them
        }
    }
}
