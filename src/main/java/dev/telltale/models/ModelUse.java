package dev.telltale.models;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/// Knows who depends on a model, so that it is not deleted under him.
@FunctionalInterface
public interface ModelUse {

    /// What uses the model, such as `detector 'cpu'`.
    ///
    /// @param connection of the transaction that deletes it
    Optional<String> userOf(Connection connection, ModelName model) throws SQLException;
}
