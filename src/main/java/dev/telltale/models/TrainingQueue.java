package dev.telltale.models;

import dev.telltale.http.Json;
import dev.telltale.jobs.Job;
import dev.telltale.jobs.Jobs;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;

/// Takes specifications and queues their trainings.
public final class TrainingQueue {

    private final ModelTraining training;
    private final Jobs jobs;
    private final Json json;

    /// Lets one specification at a time be looked into: each takes the memory of its samples.
    private final ReentrantLock submitting = new ReentrantLock();

    TrainingQueue(ModelTraining training, Jobs jobs, Json json) {
        this.training = training;
        this.jobs = jobs;
        this.json = json;
    }

    /// Queues a training, after all that can be known before it was checked.
    ///
    /// @throws dev.telltale.problem.Problem if the name is taken, the series is not there or too short,
    ///     the training would need too much memory, or the queue is full
    public Job submit(ModelSpecification specification) {
        submitting.lock();
        try {
            // First, since a training that ends between the two checks has saved its model before.
            refuseWhileTraining(specification.name());
            training.prepare(specification);
            String payload = new String(json.write(specification), StandardCharsets.UTF_8);
            return jobs.submit(TrainingJob.KIND, specification.name().value(), payload);
        } finally {
            submitting.unlock();
        }
    }

    /// @throws dev.telltale.problem.Problem if a training of this name is not finished
    void refuseWhileTraining(ModelName name) {
        if (jobs.isTaken(TrainingJob.KIND, name.value())) {
            throw ModelsProblem.MODEL_BUSY.because(
                    "a training of '%s' is queued or running; wait for its job, cancel it or choose another name",
                    name);
        }
    }
}
