package dev.telltale.models;

import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.autoencoder.ParameterShape;
import dev.telltale.autoencoder.Preset;
import dev.telltale.autoencoder.Reconstructor;
import dev.telltale.autoencoder.TrainingSettings;
import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import dev.telltale.detection.Baseline;
import dev.telltale.detection.Calibration;
import dev.telltale.detection.ReconstructionErrors;
import dev.telltale.detection.ScoreScale;
import dev.telltale.models.ModelSpecification.Annotated;
import dev.telltale.models.ModelSpecification.ErrorOf;
import dev.telltale.models.ModelSpecification.FeatureChoice;
import dev.telltale.models.ModelSpecification.Partner;
import dev.telltale.models.ModelSpecification.Range;
import dev.telltale.models.ModelSpecification.ScalingChoice;
import dev.telltale.models.ModelSpecification.Threshold;
import dev.telltale.signal.GapPolicy;
import dev.telltale.signal.Grid;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Split;
import dev.telltale.signal.Windowing;
import dev.telltale.signal.Windows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/// Small models for tests, made without a training.
final class TestModels {

    static final long ORIGIN = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
    static final long MINUTE = 60_000;

    private TestModels() {}

    static ModelSpecification specification(String name, int length) {
        return specification(name, length, GapPolicy.DEFAULT);
    }

    static ModelSpecification specification(String name, int length, GapPolicy gaps) {
        return specification(name, length, gaps, ErrorOf.LAST, "cpu");
    }

    static ModelSpecification specification(
            String name, int length, GapPolicy gaps, ErrorOf errorOf, String... series) {
        return new ModelSpecification(
                new ModelName(name),
                List.of(series),
                Range.ALL,
                Preset.BASE,
                new Windowing(length, 1),
                ScalingChoice.DEFAULT,
                gaps,
                errorOf,
                Split.DEFAULT,
                TrainingSettings.DEFAULT,
                Annotated.DEFAULT,
                Threshold.DEFAULT,
                Optional.empty(),
                List.of());
    }

    /// A model of base architecture whose normal errors lie evenly from 0 to 1.
    static SavedModel saved(ModelSpecification specification, long seed) {
        return saved(specification, 1, seed);
    }

    static SavedModel saved(ModelSpecification specification, int version, long seed) {
        return new SavedModel(manifest(specification, version), weights(specification, seed));
    }

    /// A model of two series with a forest made of three of the frame's windows beside it.
    static SavedModel hybrid(String name) {
        ModelSpecification specification = with(
                specification(name, 4, GapPolicy.DEFAULT, ErrorOf.LAST, "cpu", "memory"), Partner.RANDOM_CUT_FOREST);
        List<Parameter> tensors = new ArrayList<>(weights(specification, 1).parameters());
        tensors.add(parameter(Hybrid.POINTS, List.of(3, 8), new Random(2)));
        return new SavedModel(manifest(specification), new Weights(tensors));
    }

    static ModelSpecification with(ModelSpecification specification, Partner partner) {
        return with(specification, Optional.of(partner), specification.features());
    }

    static ModelSpecification with(
            ModelSpecification specification, Optional<Partner> partner, List<FeatureChoice> features) {
        return new ModelSpecification(
                specification.name(),
                specification.series(),
                specification.range(),
                specification.architecture(),
                specification.windowing(),
                specification.scaling(),
                specification.gaps(),
                specification.errorOf(),
                specification.split(),
                specification.training(),
                specification.annotated(),
                specification.threshold(),
                partner,
                features);
    }

    private static LearnedPartner partner(Partner kind, int channels, Calibration calibration) {
        return new LearnedPartner(
                switch (kind) {
                    case RANDOM_CUT_FOREST -> null;
                    case ROBUST_Z_SCORE -> Collections.nCopies(channels, new Baseline.Ordinary(12, 1));
                },
                Knots.of(calibration),
                Scoring.of(new ScoreScale(calibration, 0.95, ScoreScale.Basis.EVIDENCE)));
    }

    static SavedModel saved(String name) {
        return saved(specification(name, 4), 1);
    }

    static Manifest manifest(ModelSpecification specification) {
        return manifest(specification, 1);
    }

    static Manifest manifest(ModelSpecification specification, int version) {
        double[] errors = IntStream.range(0, 200).mapToDouble(i -> i / 200.0).toArray();
        Calibration calibration = Calibration.of(new ReconstructionErrors(errors));
        return new Manifest(
                Manifest.FORMAT_VERSION,
                specification.name(),
                version,
                Instant.ofEpochMilli(ORIGIN),
                specification,
                specification.series().stream()
                        .map(series -> new Manifest.Source(
                                "17",
                                series.replaceFirst("\\{.*", ""),
                                Map.of("instance", "i-1"),
                                Instant.ofEpochMilli(ORIGIN),
                                Instant.ofEpochMilli(ORIGIN + 999 * MINUTE),
                                1000,
                                "ab".repeat(32)))
                        .toList(),
                new Grid(MINUTE, ORIGIN),
                new Scaling(
                        Scaling.Kind.MIN_MAX,
                        Collections.nCopies(specification.channels(), new Scaling.Channel(10, 4, false))),
                Scoring.of(new ScoreScale(calibration, 0.9, ScoreScale.Basis.EVIDENCE)),
                specification
                        .partner()
                        .map(kind -> partner(kind, specification.channels(), calibration))
                        .orElse(null),
                List.of(
                        new Manifest.Epoch(1, 0.25, 0.5, null, 0.5, null, 1.0),
                        new Manifest.Epoch(2, 0.1, 0.3, null, null, null, null)),
                2,
                1.5,
                Evaluation.without(0, "the split leaves no row to test on"),
                List.of("constant: \"quoted\" and ümlaut"),
                Map.of("java", "25"),
                null);
    }

    static Weights weights(ModelSpecification specification, long seed) {
        Random random = new Random(seed);
        List<Parameter> parameters = new ArrayList<>();
        for (LayerDescription layer : specification.layers()) {
            for (ParameterShape shape : layer.parameterShapes()) {
                parameters.add(parameter(shape.name(), shape.shape(), random));
            }
        }
        return new Weights(parameters);
    }

    private static Parameter parameter(String name, List<Integer> shape, Random random) {
        int size = shape.stream().reduce(1, Math::multiplyExact);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return new Parameter(name, shape, values);
    }

    /// A network whose answer for every value of a window is the window's mean. Counts how often it was closed.
    static final class MeanReconstructor implements Reconstructor {

        int closed;

        @Override
        public Windows reconstruct(Windows windows) {
            if (closed > 0) {
                throw new IllegalStateException("the network is closed");
            }
            float[] means = new float[windows.values().length];
            for (int i = 0; i < means.length; i++) {
                int first = i - i % windows.width();
                float sum = 0;
                for (int j = first; j < first + windows.width(); j++) {
                    sum += windows.values()[j];
                }
                means[i] = sum / windows.width();
            }
            return new Windows(means, windows.length(), windows.channels());
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
