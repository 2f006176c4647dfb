package dev.telltale.models;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.IntSupplier;

/// How many models there may be.
///
/// @param models with their names
/// @param versions of one model
record ModelLimits(ModelStore store, int models, int versions) {

    /// Looks whether there is room for one more version of a name.
    ///
    /// @throws dev.telltale.problem.Problem `MODEL_LIMIT` if there is not
    void check(ModelName name) {
        check(name, store.find(name).isPresent(), store::models, () -> store.versions(name));
    }

    /// The same as a transaction sees it. In an ordered write there is room until that ends.
    void check(Connection connection, ModelName name) throws SQLException {
        int there = ModelTable.models(connection);
        int ofName = ModelTable.versions(connection, name);
        check(name, ModelTable.newest(connection, name) > 0, () -> there, () -> ofName);
    }

    private void check(ModelName name, boolean isThere, IntSupplier allModels, IntSupplier itsVersions) {
        if (!isThere) {
            int there = allModels.getAsInt();
            if (there >= models) {
                throw ModelsProblem.MODEL_LIMIT.because(
                        "there are %d models, as many as telltale.models.limit allows; delete one", there);
            }
            return;
        }
        int there = itsVersions.getAsInt();
        if (there >= versions) {
            throw ModelsProblem.MODEL_LIMIT.because(
                    "model '%s' has %d versions, as many as telltale.models.version-limit allows; delete one",
                    name, there);
        }
    }
}
