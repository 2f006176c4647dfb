package dev.telltale.models;

import dev.telltale.problem.Problem;
import java.util.List;
import java.util.Optional;

/// Model versions on disk. What a method has returned from survives the end of the process.
interface ModelStore {

    /// Keeps a version; it can be found from then on.
    ///
    /// @throws dev.telltale.problem.Problem if the name and version are taken
    StoredModel save(SavedModel model);

    /// The newest version of a model.
    Optional<StoredModel> find(ModelName name);

    /// The newest versions of models behind `after` in the order of their names, at most `limit`.
    List<StoredModel> list(String after, int limit);

    /// Reads a version back.
    ///
    /// @throws dev.telltale.problem.Problem if its file is not what was saved, or it was deleted meanwhile
    SavedModel load(StoredModel model);

    /// What a version says of itself. It is read from its file, with all checks, where that was not done lately.
    ///
    /// @throws dev.telltale.problem.Problem as `load`
    Manifest manifest(StoredModel model);

    /// Forgets a model with all its versions; false if there is none of this name.
    boolean delete(ModelName name);

    /// The newest version of a model.
    ///
    /// @throws dev.telltale.problem.Problem if there is none of this name
    default StoredModel get(ModelName name) {
        return find(name).orElseThrow(() -> notFound(name));
    }

    /// What is said where there is no model of a name.
    static Problem notFound(ModelName name) {
        return ModelsProblem.MODEL_NOT_FOUND.because(
                "no model is named '%s'; GET /api/v1/models lists those there are", name);
    }
}
