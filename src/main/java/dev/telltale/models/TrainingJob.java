package dev.telltale.models;

import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.TrainingCancelled;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.http.Json;
import dev.telltale.jobs.JobProgress;
import dev.telltale.jobs.JobRun;
import dev.telltale.jobs.JobRunner;
import dev.telltale.jobs.JobStopped;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// A training as a background job. What was submitted is the specification.
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
        byte[] payload = run.payload().getBytes(StandardCharsets.UTF_8);
        ModelSpecification specification = json.read(new ByteArrayInputStream(payload), ModelSpecification.class);
        try {
            StoredModel model = training.train(specification, new Progress(run, specification));
            return path(model.name());
        } catch (TrainingCancelled e) {
            throw new JobStopped();
        }
    }

    /// Where callers find a model.
    static String path(ModelName name) {
        return "/api/v1/models/" + name;
    }

    /// Carries what happens in the training over to the job.
    private final class Progress implements TrainingListener {

        private final JobRun run;
        private final int epochs;
        private final Instant started = clock.instant();

        Progress(JobRun run, ModelSpecification specification) {
            this.run = run;
            this.epochs = specification.training().epochs();
            run.progress(new JobProgress.Training(0, epochs, null, null, null));
        }

        @Override
        public void epochDone(EpochLosses losses) {
            double taken = Duration.between(started, clock.instant()).toMillis() / 1e3;
            @Nullable
            Double validationLoss = losses.validationLoss().isPresent()
                    ? losses.validationLoss().getAsDouble()
                    : null;
            double left = taken / losses.epoch() * (epochs - losses.epoch());
            run.progress(new JobProgress.Training(losses.epoch(), epochs, losses.trainLoss(), validationLoss, left));
        }

        @Override
        public boolean cancelled() {
            return run.cancelled();
        }
    }
}
