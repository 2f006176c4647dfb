package dev.telltale.live;

import java.sql.Connection;
import java.sql.SQLException;

/// Hears of incidents while they are stored.
public interface IncidentListener {

    /// An incident began, grew or ended. Called inside the transaction that stores it, on the writer's thread:
    /// what must not be lost is written on this connection, and nothing else is done here.
    void changed(Incident incident, Connection connection) throws SQLException;

    /// The transaction is on disk. Return soon.
    void stored();
}
