package dev.telltale.models;

import dev.telltale.autoencoder.EpochLosses;
import dev.telltale.autoencoder.TrainingCancelled;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.http.Json;
import dev.telltale.jobs.JobProgress;
import dev.telltale.jobs.JobReports;
import dev.telltale.jobs.JobRun;
import dev.telltale.jobs.JobRunner;
import dev.telltale.jobs.JobStopped;
import dev.telltale.models.Tuning.Objective;
import dev.telltale.models.Tuning.Rung;
import dev.telltale.problem.Problem;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// A tuning as a background job, in the lane of trainings: one network is trained at a time, and only the
/// numbers of earlier ones are held. A run that the end of the process cut short begins anew, with the same
/// candidates.
final class TuningJob implements JobRunner {

    static final String KIND = "tuning";

    private final ModelTraining training;
    private final JobReports reports;
    private final Json json;

    TuningJob(ModelTraining training, JobReports tuningReports, Json json) {
        this.training = training;
        this.reports = tuningReports;
        this.json = json;
    }

    /// A candidate as it did last.
    private record Tried(Candidate candidate, int epochs, OptionalDouble value, Optional<String> problem) {}

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String lane() {
        return TrainingJob.KIND;
    }

    /// Where callers find what became of a tuning.
    static String path(long job) {
        return "/api/v1/tuning/" + job;
    }

    @Override
    public String run(JobRun run) {
        Tuning tuning = json.read(
                        new ByteArrayInputStream(run.payload().getBytes(StandardCharsets.UTF_8)), TuningForm.class)
                .tuning();
        try {
            TuningReport report = new Search(tuning, run).report();
            reports.keep(run, new String(json.write(report), StandardCharsets.UTF_8));
        } catch (TrainingCancelled e) {
            throw new JobStopped();
        }
        return path(run.id());
    }

    /// One run of a tuning.
    private final class Search implements TrainingListener {

        private final Tuning tuning;
        private final JobRun run;
        private final Comparator<Tried> bestFirst;
        private final List<Tried> ranking = new ArrayList<>();
        private int trainings;

        Search(Tuning tuning, JobRun run) {
            this.tuning = tuning;
            this.run = run;
            this.bestFirst = bestFirst(tuning.objective());
        }

        TuningReport report() {
            tellProgress();
            List<Candidate> left = tuning.candidates();
            for (Rung rung : tuning.rungs()) {
                List<Tried> tried = left.stream()
                        .limit(rung.candidates())
                        .map(candidate -> tryOut(candidate, rung.epochs()))
                        .sorted(bestFirst)
                        .toList();
                List<Candidate> again = tried.stream().map(Tried::candidate).toList();
                ranking.removeIf(earlier -> again.contains(earlier.candidate()));
                ranking.addAll(0, tried);
                left = tried.stream()
                        .filter(one -> one.value().isPresent())
                        .map(Tried::candidate)
                        .toList();
            }
            Tried best = ranking.getFirst();
            if (best.value().isEmpty()) {
                throw ModelsProblem.TUNING_FAILED.because(
                        "none of %d candidates could be trained and judged; the first: %s",
                        ranking.size(), best.problem().orElse("the objective is not defined on its validation part"));
            }
            training.train(TrainingOrder.first(best.candidate().specification(best.epochs())), this, run.fence());
            trainings++;
            tellProgress();
            return new TuningReport(
                    tuning.base().name().value(),
                    tuning.objective(),
                    trainings,
                    ranking.stream().map(Search::ranked).toList());
        }

        private Tried tryOut(Candidate candidate, int epochs) {
            Tried tried;
            try {
                OptionalDouble value = training.tryOut(candidate.specification(epochs), tuning.objective(), this);
                tried = new Tried(candidate, epochs, value, Optional.empty());
            } catch (Problem unfit) {
                tried = new Tried(candidate, epochs, OptionalDouble.empty(), Optional.of(unfit.detail()));
            }
            trainings++;
            tellProgress();
            return tried;
        }

        private void tellProgress() {
            @Nullable
            Double best = ranking.isEmpty() || ranking.getFirst().value().isEmpty()
                    ? null
                    : ranking.getFirst().value().getAsDouble();
            run.progress(new JobProgress.Tuning(trainings, tuning.budget(), best));
        }

        private static TuningReport.Ranked ranked(Tried tried) {
            Candidate candidate = tried.candidate();
            return new TuningReport.Ranked(
                    ArchitectureForm.of(candidate.architecture()),
                    candidate.length(),
                    candidate.learningRate(),
                    candidate.dropout().orElse(null),
                    candidate.weightDecay(),
                    tried.epochs(),
                    tried.value().isPresent() ? tried.value().getAsDouble() : null,
                    tried.problem().orElse(null));
        }

        @Override
        public void epochDone(EpochLosses losses) {}

        @Override
        public boolean cancelled() {
            return run.cancelled();
        }
    }

    private static Comparator<Tried> bestFirst(Objective objective) {
        return Comparator.comparingDouble(tried -> switch (objective) {
            case VALIDATION_LOSS -> tried.value().orElse(Double.POSITIVE_INFINITY);
            case AVERAGE_PRECISION -> -tried.value().orElse(Double.NEGATIVE_INFINITY);
        });
    }
}
