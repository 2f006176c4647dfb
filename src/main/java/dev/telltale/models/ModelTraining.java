package dev.telltale.models;

import dev.telltale.autoencoder.AutoencoderTrainer;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.ReconstructorLoader;
import dev.telltale.autoencoder.TrainedAutoencoder;
import dev.telltale.autoencoder.TrainingCancelled;
import dev.telltale.autoencoder.TrainingListener;
import dev.telltale.autoencoder.TrainingMemory;
import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import dev.telltale.database.SqlWork;
import dev.telltale.detection.Baseline;
import dev.telltale.detection.CutForest;
import dev.telltale.detection.Figure;
import dev.telltale.detection.ScoreScale;
import dev.telltale.detection.ThresholdRule;
import dev.telltale.jobs.Fence;
import dev.telltale.models.ModelSpecification.Partner;
import dev.telltale.models.TrainingData.Source;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Makes a model of a specification: reads the samples, trains the network, draws the line, measures the
/// verdicts and saves the version.
final class ModelTraining {

    private final TrainingSamples samples;
    private final AutoencoderTrainer trainer;
    private final ReconstructorLoader loader;
    private final ModelStore models;
    private final ModelLimits limits;
    private final ModelMeters meters;
    private final InstantSource clock;
    private final long allowedBytes;
    private final Supplier<Map<String, String>> software;

    ModelTraining(
            TrainingSamples samples,
            AutoencoderTrainer trainer,
            ReconstructorLoader loader,
            ModelStore models,
            ModelLimits limits,
            ModelMeters meters,
            InstantSource clock,
            long allowedBytes,
            Supplier<Map<String, String>> software) {
        this.samples = samples;
        this.trainer = trainer;
        this.loader = loader;
        this.models = models;
        this.limits = limits;
        this.meters = meters;
        this.clock = clock;
        this.allowedBytes = allowedBytes;
        this.software = software;
    }

    /// The data of a specification, with all that can be refused before a network is touched.
    ///
    /// @throws dev.telltale.problem.Problem if the name or the series is not right, there are too many
    ///     models or too few samples, or the training would need more memory than it may take
    TrainingData prepare(TrainingOrder order) {
        refuseIfSaved(order);
        limits.check(order.name());
        return fitting(order.specification());
    }

    private TrainingData fitting(ModelSpecification specification) {
        TrainingData data = TrainingData.of(specification, samples.read(specification));
        long network = TrainingMemory.estimate(
                specification.architecture(),
                specification.windowing().length(),
                specification.channels(),
                data.windows(),
                specification.training());
        TrainingMemory.check(network + data.bytes(), allowedBytes);
        return data;
    }

    /// @throws dev.telltale.problem.Problem `MODEL_EXISTS` if the model has this version already
    void refuseIfSaved(TrainingOrder order) {
        refuseIfSaved(order, models.newest(order.name()));
    }

    /// The same as a transaction sees it, and whether the model of which it is a further version is there still. In an
    /// ordered write both are so until that ends.
    static SqlWork<?> check(TrainingOrder order) {
        return connection -> {
            int newest = ModelTable.newest(connection, order.name());
            refuseIfSaved(order, newest);
            if (newest == 0 && order.version() > 1) {
                throw ModelStore.notFound(order.name());
            }
            return true;
        };
    }

    private static void refuseIfSaved(TrainingOrder order, int newest) {
        if (order.version() <= newest) {
            throw ModelsProblem.MODEL_EXISTS.because(
                    "a model is named '%1$s' already; choose another name, delete it, or train a further version of it"
                            + " with POST /api/v1/models/%1$s/versions",
                    order.name());
        }
    }

    /// Trains and saves a version of a model. One that an earlier run of the same training has
    /// saved before the process ended is taken as it is.
    ///
    /// @throws dev.telltale.problem.Problem as `prepare`, or if the training diverges or takes too much memory
    /// @param fence of the run, asked when the model is saved
    /// @throws TrainingCancelled if the listener wants it to end before the model is saved
    /// @throws dev.telltale.jobs.JobStopped if the run's job is another's by then
    StoredModel train(TrainingOrder order, TrainingListener listener, Fence fence) {
        ModelSpecification specification = order.specification();
        Optional<StoredModel> earlier = models.find(order.name(), order.version())
                .filter(model -> models.load(model).manifest().specification().equals(specification));
        if (earlier.isPresent()) {
            return earlier.get();
        }
        TrainingData data = prepare(order);
        EpochAccuracies accuracies = new EpochAccuracies(data, listener);
        Instant started = clock.instant();
        TrainedAutoencoder trained = trainer.train(
                specification.architecture(),
                data.cut(data.train()),
                data.contrast(),
                data.cut(data.validation()),
                data.cut(data.test()),
                specification.training(),
                accuracies);
        Duration taken = Duration.between(started, clock.instant());
        endIfCancelled(listener); // what comes now takes as long as some epochs
        SavedModel model = describe(order.version(), data, trained, accuracies, taken);
        endIfCancelled(listener);
        StoredModel stored = models.save(model, order.activate(), connection -> {
            fence.check(connection);
            limits.check(connection, order.name()); // other processes save models too
        });
        meters.trained(taken, trained.history().size());
        return stored;
    }

    private static void endIfCancelled(TrainingListener listener) {
        if (listener.cancelled()) {
            throw new TrainingCancelled();
        }
    }

    /// Trains a specification and keeps nothing but how good it was on the validation part.
    ///
    /// @return empty where the objective is not defined: there are no validation windows, or none is annotated
    /// @throws dev.telltale.problem.Problem as `train`
    OptionalDouble tryOut(ModelSpecification specification, Tuning.Objective objective, TrainingListener listener) {
        TrainingData data = fitting(specification);
        TrainedAutoencoder trained = trainer.train(
                specification.architecture(),
                data.cut(data.train()),
                data.contrast(),
                data.cut(data.validation()),
                data.cut(new int[0]),
                specification.training(),
                listener);
        return switch (objective) {
            case VALIDATION_LOSS ->
                trained.history().get(trained.bestEpoch() - 1).validationLoss();
            case AVERAGE_PRECISION -> {
                try (Reconstructor network = load(specification, trained.weights())) {
                    Figure precision =
                            data.ranking(rows -> data.errors(network, rows)).averagePrecision();
                    yield precision instanceof Figure.Known(double value)
                            ? OptionalDouble.of(value)
                            : OptionalDouble.empty();
                }
            }
        };
    }

    private SavedModel describe(
            int version, TrainingData data, TrainedAutoencoder trained, EpochAccuracies accuracies, Duration taken) {
        ModelSpecification specification = data.specification();
        try (Reconstructor network = load(specification, trained.weights())) {
            ScoreScale scale = data.scale(rows -> data.errors(network, rows));
            boolean judged = data.hasAnnotations() || specification.partner().isPresent();
            List<Baseline> baselines = judged ? data.baselines() : List.of();
            Optional<Hybrid> hybrid = specification
                    .partner()
                    .map(kind ->
                            Hybrid.learn(data, partner(kind, baselines), scale, rows -> data.errors(network, rows)));
            Evaluation evaluation =
                    new TestPart(data).evaluate(data.errors(network, data.test()), scale, baselines, hybrid);
            Manifest manifest = new Manifest(
                    Manifest.FORMAT_VERSION,
                    specification.name(),
                    version,
                    clock.instant(),
                    specification,
                    data.sources().stream()
                            .map(source -> Manifest.Source.of(source.series(), source.samples()))
                            .toList(),
                    data.frame().grid(),
                    data.scaling(),
                    Scoring.of(scale),
                    hybrid.map(LearnedPartner::of).orElse(null),
                    trained.history().stream()
                            .map(losses -> Manifest.Epoch.of(losses, accuracies.after(losses.epoch())))
                            .toList(),
                    trained.bestEpoch(),
                    taken.toNanos() / 1e9,
                    evaluation,
                    warnings(data, scale, evaluation),
                    software.get(),
                    null);
            List<Parameter> tensors = new ArrayList<>(trained.weights().parameters());
            hybrid.ifPresent(some -> tensors.addAll(some.tensors()));
            return new SavedModel(manifest, new Weights(tensors));
        }
    }

    private static Baseline partner(Partner kind, List<Baseline> baselines) {
        Class<? extends Baseline> type = switch (kind) {
            case RANDOM_CUT_FOREST -> CutForest.class;
            case ROBUST_Z_SCORE -> Baseline.RobustZScore.class;
        };
        return baselines.stream().filter(type::isInstance).findFirst().orElseThrow();
    }

    private Reconstructor load(ModelSpecification specification, Weights weights) {
        return PatientReconstructor.of(loader.load(
                specification.architecture(), specification.windowing().length(), specification.channels(), weights));
    }

    /// `series 'a'` or `series 'a', 'b'`.
    private static String names(List<Source> sources) {
        return sources.stream()
                .map(source -> "'" + source.series().key() + "'")
                .collect(Collectors.joining(", ", "series ", ""));
    }

    private static List<String> warnings(TrainingData data, ScoreScale scale, Evaluation evaluation) {
        List<String> warnings = new ArrayList<>();
        List<Source> constant = data.scaling().first(data.sources().size()).constantChannels().stream()
                .map(data.sources()::get)
                .toList();
        if (!constant.isEmpty()) {
            warnings.add("constant: the values learned from are all the same in " + names(constant)
                    + ", any other value is anomalous");
        }
        int n = scale.calibration().n();
        if (n < ScoreScale.ENOUGH) {
            warnings.add("few-rows: " + n + " normal errors are too few for a tail, scores are multiples of the line");
        }
        Optional<Double> rate = data.specification().threshold().rule() instanceof ThresholdRule.Rate(double share)
                ? Optional.of(share)
                : Optional.empty();
        if (rate.isPresent() && !scale.calibration().quality().supports(rate.get())) {
            warnings.add("extrapolated: a rate of " + rate.get() + " is rarer than one in the " + n
                    + " normal errors, so the line lies beyond those seen");
        }
        warnings.addAll(evaluation.warnings());
        return warnings;
    }
}
