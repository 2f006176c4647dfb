package dev.telltale.live;

import java.sql.Connection;
import java.sql.SQLException;

/// Knows whom a detector can tell.
@FunctionalInterface
public interface KnownReceivers {

    /// Whether there is a receiver of this name, as a transaction sees it.
    boolean has(Connection connection, String name) throws SQLException;
}
