package dev.telltale.models;

/// How many models there may be.
///
/// @param models with their names
/// @param versions of one model
record ModelLimits(ModelStore store, int models, int versions) {

    /// Looks whether there is room for one more version of a name.
    ///
    /// @throws dev.telltale.problem.Problem `MODEL_LIMIT` if there is not
    void check(ModelName name) {
        if (store.find(name).isEmpty()) {
            int there = store.models();
            if (there >= models) {
                throw ModelsProblem.MODEL_LIMIT.because(
                        "there are %d models, as many as telltale.models.limit allows; delete one", there);
            }
            return;
        }
        int there = store.versions(name);
        if (there >= versions) {
            throw ModelsProblem.MODEL_LIMIT.because(
                    "model '%s' has %d versions, as many as telltale.models.version-limit allows; delete one",
                    name, there);
        }
    }
}
