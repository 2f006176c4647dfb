package dev.telltale.database;

import java.sql.Connection;
import java.sql.SQLException;

/// Leave to do what only one process may do at a time. It is sought for as long as this process lives, and kept once
/// it is got; if its holder is not heard of for 15 seconds another gets it.
///
/// A holder may find out late that it has lost it, after a pause of its whole process for instance. So `isHeld` is for
/// who may do something in vain, and `require` for what must not be done by two.
public interface Lease {

    /// Whether this process holds it, as far as it knows.
    boolean isHeld();

    /// Makes sure that this process holds it until the transaction ends: nobody else gets it meanwhile.
    ///
    /// @param connection of a write
    /// @throws LeaseLost if it does not; nothing of the transaction may stay
    void require(Connection connection) throws SQLException;

    /// Tells from now on when it is got and lost, and at first that it is held if it is.
    void listen(LeaseListener listener);
}
