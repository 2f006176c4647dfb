package dev.telltale.models;

import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.TrainingCancelled;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.http.Json;
import dev.telltale.jobs.JobProgress;
import dev.telltale.jobs.JobRun;
import dev.telltale.jobs.JobRunner;
import dev.telltale.jobs.JobStopped;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// A training as a background job. What was submitted is its order.
final class TrainingJob implements JobRunner {

    static final String KIND = "training";

    private final ModelTraining training;
    private final Json json;
    private final InstantSource clock;

    TrainingJob(ModelTraining training, Json json, InstantSource clock) {
        this.training = training;
        this.json = json;
        this.clock = clock;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String run(JobRun run) {
        TrainingOrder order = TrainingOrder.read(json, run.payload());
        try {
            training.train(order, new Progress(run, order.specification()), run.fence());
            return path(order.name(), order.version());
        } catch (TrainingCancelled e) {
            throw new JobStopped();
        }
    }

    /// Where callers find a version that was just made: the first is the model.
    static String path(ModelName name, int version) {
        String model = "/api/v1/models/" + name;
        return version == 1 ? model : model + "/versions/" + version;
    }

    /// Carries what happens in the training over to the job.
    private final class Progress implements TrainingListener {

        private final JobRun run;
        private final int epochs;
        private final EpochPace pace = new EpochPace(clock.instant());

        Progress(JobRun run, ModelSpecification specification) {
            this.run = run;
            this.epochs = specification.training().epochs();
            run.progress(new JobProgress.Training(0, epochs, null, null, null));
        }

        @Override
        public void epochDone(EpochLosses losses) {
            @Nullable
            Double validationLoss = losses.validationLoss().isPresent()
                    ? losses.validationLoss().getAsDouble()
                    : null;
            double left = pace.secondsFor(epochs - losses.epoch(), clock.instant());
            run.progress(new JobProgress.Training(losses.epoch(), epochs, losses.trainLoss(), validationLoss, left));
        }

        @Override
        public boolean cancelled() {
            return run.cancelled();
        }
    }
}
