package dev.telltale.models;

import dev.telltale.database.SqlWork;
import dev.telltale.http.Json;
import dev.telltale.jobs.Job;
import dev.telltale.jobs.Jobs;
import dev.telltale.problem.Problem;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/// Takes specifications and queues their trainings. What may be so for a name is looked at before anything large is
/// done, and once more in the transaction that does it: other processes change models and queue trainings too.
public final class TrainingQueue {

    private final ModelTraining training;
    private final ModelStore models;
    private final Jobs jobs;
    private final Json json;

    /// Lets one specification at a time be looked into: each takes the memory of its samples.
    private final ReentrantLock submitting = new ReentrantLock();

    TrainingQueue(ModelTraining training, ModelStore models, Jobs jobs, Json json) {
        this.training = training;
        this.models = models;
        this.jobs = jobs;
        this.json = json;
    }

    /// Queues the training of a model's first version, after all that can be known before it was checked.
    ///
    /// @throws dev.telltale.problem.Problem if the name is taken, the series is not there or too short,
    ///     the training would need too much memory, or the queue is full
    public Job submit(ModelSpecification specification) {
        submitting.lock();
        try {
            // First, since a training that ends between the two checks has saved its model before.
            refuseWhileTraining(specification.name());
            return submit(TrainingOrder.first(specification));
        } finally {
            submitting.unlock();
        }
    }

    /// Queues the training of a further version of a model.
    ///
    /// @param change from the active version's specification
    /// @param activate whether it becomes active when it is saved
    /// @throws dev.telltale.problem.Problem as `submit`, or if there is no such model
    Job submit(ModelName name, SpecificationChange change, boolean activate) {
        submitting.lock();
        try {
            refuseWhileTraining(name);
            ModelSpecification active = models.manifest(models.get(name)).specification();
            int newest = models.newest(name);
            if (newest == 0) {
                throw ModelStore.notFound(name); // another process has just deleted it
            }
            return submit(new TrainingOrder(change.of(active, json), newest + 1, activate));
        } finally {
            submitting.unlock();
        }
    }

    /// Queues a tuning.
    ///
    /// @throws dev.telltale.problem.Problem as `submit` of its base
    Job submit(TuningForm form) {
        ModelSpecification base = form.tuning().base();
        submitting.lock();
        try {
            refuseWhileTraining(base.name());
            TrainingOrder order = TrainingOrder.first(base);
            training.refuseIfSaved(order);
            jobs.refuseIfFull(TuningJob.KIND);
            if (training.prepare(order).validation().length == 0) {
                throw ModelsProblem.NOT_ENOUGH_DATA.because(
                        "a tuning is judged by the validation part, and the split leaves none; give one");
            }
            return jobs.submit(
                    TuningJob.KIND,
                    base.name().value(),
                    new String(json.write(form.complete()), StandardCharsets.UTF_8),
                    ModelTraining.check(order));
        } finally {
            submitting.unlock();
        }
    }

    private Job submit(TrainingOrder order) {
        training.refuseIfSaved(order);
        jobs.refuseIfFull(TrainingJob.KIND); // before samples are read in vain
        training.prepare(order);
        return jobs.submit(TrainingJob.KIND, order.name().value(), order.write(json), ModelTraining.check(order));
    }

    /// Changes what there is of a name while no training of it can begin.
    ///
    /// @param change does what it is given in its transaction
    /// @throws dev.telltale.problem.Problem if a training of this name is not finished
    <T> T unlessTraining(ModelName name, Function<SqlWork<?>, T> change) {
        submitting.lock();
        try {
            refuseWhileTraining(name);
            return change.apply(connection -> {
                refuseWhileTraining(connection, name);
                return true;
            });
        } finally {
            submitting.unlock();
        }
    }

    private void refuseWhileTraining(ModelName name) {
        if (jobs.isTaken(TrainingJob.KIND, name.value()) || jobs.isTaken(TuningJob.KIND, name.value())) {
            throw busy(name);
        }
    }

    private void refuseWhileTraining(Connection connection, ModelName name) throws SQLException {
        if (jobs.isTaken(connection, TrainingJob.KIND, name.value())
                || jobs.isTaken(connection, TuningJob.KIND, name.value())) {
            throw busy(name);
        }
    }

    private static Problem busy(ModelName name) {
        return ModelsProblem.MODEL_BUSY.because(
                "a training of '%s' is queued or running; wait for its job, cancel it or choose another name", name);
    }
}
