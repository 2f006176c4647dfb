package dev.telltale.database;

import java.sql.Connection;
import java.util.Set;

/// This process, which has its database to itself.
final class OnlyReplica implements Replicas {

    private final String self;

    OnlyReplica(String name) {
        self = ReplicaName.unique(name);
    }

    @Override
    public String self() {
        return self;
    }

    @Override
    public boolean isAlive(Connection connection, String name) {
        return name.equals(self);
    }

    @Override
    public Set<String> alive(Connection connection) {
        return Set.of(self);
    }

    @Override
    public boolean areShared() {
        return false;
    }

    @Override
    public void close() {
        // nobody else is there to know
    }
}
