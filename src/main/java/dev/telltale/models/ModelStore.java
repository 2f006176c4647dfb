package dev.telltale.models;

import dev.telltale.database.SqlWork;
import dev.telltale.http.Conditions;
import dev.telltale.jobs.Fence;
import dev.telltale.problem.Problem;
import java.util.List;
import java.util.Optional;

/// Model versions on disk, and which of each model is active. What a method has returned from survives the
/// end of the process.
interface ModelStore {

    /// Keeps a version, active if it is the first of its name.
    ///
    /// @throws dev.telltale.problem.Problem as `save(model, false)`
    default StoredModel save(SavedModel model) {
        return save(model, false);
    }

    /// Keeps a version; from then on it can be found, and if it is to be active, it is.
    ///
    /// @param activate whether it becomes active even if it is not the first of its name
    /// @param fence of the run that made it, or what else must be so when it becomes visible
    /// @throws dev.telltale.problem.Problem if its number is not above all that were given before, or there is no
    ///     room for it
    /// @throws dev.telltale.jobs.JobStopped if the run's job is another's by now
    StoredModel save(SavedModel model, boolean activate, Fence fence);

    /// As `save`, of work that is no job's.
    default StoredModel save(SavedModel model, boolean activate) {
        return save(model, activate, Fence.OPEN);
    }

    /// The active version of a model.
    Optional<StoredModel> find(ModelName name);

    /// A version of a model.
    Optional<StoredModel> find(ModelName name, int version);

    /// The highest number that a version of this name has got, deleted ones too; 0 if there is no such model.
    int newest(ModelName name);

    /// How many models there are.
    int models();

    /// How many versions of a model there are, 0 if there is no such model.
    int versions(ModelName name);

    /// The active versions of models behind `after` in the order of their names, at most `limit`.
    List<StoredModel> list(String after, int limit);

    /// The versions of a model below `before`, the newest first, at most `limit`.
    List<StoredModel> versions(ModelName name, int before, int limit);

    /// Makes a version the active one of its model.
    ///
    /// @param conditions on the version that is active before
    /// @throws dev.telltale.problem.Problem if there is no such version, or a condition is not met
    StoredModel activate(ModelName name, int version, Conditions conditions);

    /// As `activate`, whichever is active before.
    default StoredModel activate(ModelName name, int version) {
        return activate(name, version, Conditions.NONE);
    }

    /// Reads a version back.
    ///
    /// @throws dev.telltale.problem.Problem if its file is not what was saved, or it was deleted meanwhile
    SavedModel load(StoredModel model);

    /// What a version says of itself. It is read from its file, with all checks, where that was not done lately.
    ///
    /// @throws dev.telltale.problem.Problem as `load`
    Manifest manifest(StoredModel model);

    /// The file of a version, after all checks of `load`.
    ///
    /// @throws dev.telltale.problem.Problem as `load`
    ModelArtifact open(StoredModel model);

    /// Forgets a model with all its versions.
    ///
    /// @param conditions on the active version
    /// @param check done in the transaction that forgets it; what it throws leaves the model as it is
    /// @return the versions there were
    /// @throws dev.telltale.problem.Problem if a condition is not met
    List<StoredModel> delete(ModelName name, Conditions conditions, SqlWork<?> check);

    /// As `delete`, with nothing to check.
    default List<StoredModel> delete(ModelName name, Conditions conditions) {
        return delete(name, conditions, connection -> true);
    }

    /// As `delete`, whichever version is active.
    default List<StoredModel> delete(ModelName name) {
        return delete(name, Conditions.NONE);
    }

    /// Forgets a version.
    ///
    /// @param check done in the transaction that forgets it; what it throws leaves the version as it is
    /// @return the version
    /// @throws dev.telltale.problem.Problem if it is the active one
    StoredModel delete(StoredModel model, SqlWork<?> check);

    /// As `delete`, with nothing to check.
    default StoredModel delete(StoredModel model) {
        return delete(model, connection -> true);
    }

    /// The active version of a model as it was a second ago at most, for who asks again and again. What this process
    /// changed itself it knows at once.
    ///
    /// @throws dev.telltale.problem.Problem if there is none of this name
    default StoredModel lately(ModelName name) {
        return get(name);
    }

    /// The active version of a model.
    ///
    /// @throws dev.telltale.problem.Problem if there is none of this name
    default StoredModel get(ModelName name) {
        return find(name).orElseThrow(() -> notFound(name));
    }

    /// A version of a model.
    ///
    /// @throws dev.telltale.problem.Problem if there is no such version
    default StoredModel get(ModelName name, int version) {
        return find(name, version).orElseThrow(() -> missing(name, version));
    }

    /// A version of a model, the active one if none is chosen.
    ///
    /// @throws dev.telltale.problem.Problem if there is no such version
    default StoredModel get(ModelName name, Optional<Integer> version) {
        return version.isPresent() ? get(name, version.get()) : get(name);
    }

    /// What is said of a version that is not there.
    default Problem missing(ModelName name, int version) {
        return find(name).isEmpty()
                ? notFound(name)
                : ModelsProblem.VERSION_NOT_FOUND.because(
                        "model '%s' has no version %d; GET /api/v1/models/%s/versions lists those there are",
                        name, version, name);
    }

    /// What is said where there is no model of a name.
    static Problem notFound(ModelName name) {
        return ModelsProblem.MODEL_NOT_FOUND.because(
                "no model is named '%s'; GET /api/v1/models lists those there are", name);
    }
}
