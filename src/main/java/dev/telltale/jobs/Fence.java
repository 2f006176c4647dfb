package dev.telltale.jobs;

import java.sql.Connection;
import java.sql.SQLException;

/// Keeps what a run makes from becoming visible once the run's job is another's: a process that stood still for too
/// long goes on without knowing that a second one has taken its job over.
@FunctionalInterface
public interface Fence {

    /// Of work that nobody takes over, since it is no job's.
    Fence OPEN = connection -> {};

    /// To be called in the transaction that publishes, before it changes anything. Until that ends the job stays as
    /// it is, and this run's.
    ///
    /// @throws JobStopped if the job has another run by now, or has ended; the transaction must not be committed
    void check(Connection connection) throws SQLException;
}
