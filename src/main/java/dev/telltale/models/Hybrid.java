package dev.telltale.models;

import dev.telltale.autoencoder.Weights;
import dev.telltale.autoencoder.Weights.Parameter;
import dev.telltale.detection.Baseline;
import dev.telltale.detection.Baseline.RobustZScore;
import dev.telltale.detection.Blend;
import dev.telltale.detection.Calibration;
import dev.telltale.detection.CutForest;
import dev.telltale.detection.ReconstructionErrors;
import dev.telltale.detection.ScoreScale;
import dev.telltale.models.ModelSpecification.Partner;
import dev.telltale.signal.Frame;
import dev.telltale.signal.Windows;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

/// The second judge beside a model's network, and the scale of what both say together. It judges a row by the
/// window that ends in it, of the series alone.
///
/// @param partner the second judge
/// @param reconstruction of the network's errors
/// @param calibration of the partner's errors
/// @param scale from blends to scores
record Hybrid(Baseline partner, Calibration reconstruction, Calibration calibration, ScoreScale scale) {

    /// The tensor of a forest's points, shape (n, values of a point), behind those of the network.
    static final String POINTS = "partner.points";

    /// The hybrid of a trained network and a partner, by the rows whose errors count as normal.
    ///
    /// @param errors of the network on rows
    static Hybrid learn(
            TrainingData data, Baseline partner, ScoreScale own, Function<int[], ReconstructionErrors> errors) {
        Frame series = data.frame().series();
        Calibration calibration = Calibration.of(partner.errors(series, data.normal()));
        Blend blend = new Blend(own.calibration(), calibration);
        ScoreScale scale =
                data.scale(rows -> blend.of(errors.apply(rows), partner.errors(series, rows)), ScoreScale.FINEST);
        return new Hybrid(partner, own.calibration(), calibration, scale);
    }

    /// The hybrid of a saved model whose specification names a partner.
    static Hybrid of(Partner kind, SavedModel saved) {
        Manifest manifest = saved.manifest();
        LearnedPartner learned = Objects.requireNonNull(manifest.partner());
        Baseline partner = switch (kind) {
            case RANDOM_CUT_FOREST -> forest(manifest, saved.weights());
            case ROBUST_Z_SCORE -> new RobustZScore(Objects.requireNonNull(learned.channels()));
        };
        return new Hybrid(
                partner,
                manifest.scoring().scale().calibration(),
                learned.calibration().calibration(),
                learned.blend().scale());
    }

    private static CutForest forest(Manifest manifest, Weights weights) {
        ModelSpecification specification = manifest.specification();
        int channels = specification.series().size();
        float[] points = weights.parameters().stream()
                .filter(parameter -> parameter.name().equals(POINTS))
                .findFirst()
                .orElseThrow()
                .values();
        return new CutForest(
                new Windows(points, CutForest.rows(specification.windowing().length(), channels), channels),
                manifest.scaling().first(channels),
                specification.training().seed());
    }

    /// What its file holds beside the network's weights.
    List<Parameter> tensors() {
        if (!(partner instanceof CutForest forest)) {
            return List.of();
        }
        Windows points = forest.points();
        return List.of(new Parameter(POINTS, List.of(points.count(), points.width()), points.values()));
    }

    /// The partner's error on each of these rows.
    ///
    /// @param rows positions in the frame that end a window
    ReconstructionErrors errors(Frame frame, int[] rows) {
        return partner.errors(frame.series(), rows);
    }

    Blend blend() {
        return new Blend(reconstruction, calibration);
    }
}
