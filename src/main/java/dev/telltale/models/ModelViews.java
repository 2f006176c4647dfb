package dev.telltale.models;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.telltale.autoencoder.LayerDescription;
import dev.telltale.detection.Calibration;
import dev.telltale.detection.ScoreScale;
import dev.telltale.detection.Tail;
import dev.telltale.signal.Grid;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.WindowingForm;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Models as answers show them.
final class ModelViews {

    private ModelViews() {}

    /// A version of a model, as lists show it.
    @Schema(name = "ModelItem")
    record Item(
            @Schema(example = "disk-writes") String name,

            @Schema(description = "in a list of models the active one; from 1", example = "1")
            int version,

            @Schema(description = "end of its training") Instant created,

            @Schema(description = "as the specification names them", example = "[\"ec2_disk_write_bytes\"]")
            List<String> series,

            @Schema(description = "a preset, or spelled-out", example = "base")
            String architecture,

            @Schema(description = "rows in a window", example = "32")
            int length,

            @Schema(description = "numbers that the network learned", example = "3184")
            long parameters) {

        static Item of(StoredModel model) {
            return new Item(
                    model.name().value(),
                    model.version(),
                    model.created(),
                    model.series(),
                    model.architecture(),
                    model.length(),
                    model.parameters());
        }
    }

    /// A version in a list.
    @Schema(name = "ModelVersion")
    record Version(
            @JsonUnwrapped Item item,

            @Schema(description = "whether it scores unless a request names another", example = "true")
            boolean active) {

        static Version of(StoredModel model) {
            return new Version(Item.of(model), model.active());
        }
    }

    /// The version that scores.
    @Schema(name = "ActiveVersion")
    record ActiveVersion(
            @Schema(description = "the number of a version that there is", example = "1")
            int version) {}

    /// A model by itself.
    @Schema(name = "Model")
    record Model(
            @Schema(example = "disk-writes") String name,
            @Schema(description = "from 1", example = "1") int version,
            @Schema(description = "end of its training") Instant created,

            @Schema(description = "what was asked for, with every default", implementation = SpecificationForm.class)
            ModelSpecification specification,

            List<Layer> layers,

            @Schema(description = "of all layers", example = "3184")
            long parameters,

            Data data,

            @Schema(description = "what the network sees of a value: (value − offset) / scale")
            Scaling scaling,

            @Schema(description = "of the reconstruction") CalibrationView calibration,

            @Schema(description = "of the reconstruction alone; a model with a partner has another in `partner`")
            Line line,

            @Schema(description = "null without one") @Nullable
            PartnerView partner,

            @Schema(example = "50") int epochsRun,

            @Schema(description = "whose weights were kept", example = "50")
            int bestEpoch,

            @Schema(description = "with the accuracies that are measured after each epoch", example = "4.2")
            double trainingSeconds,

            @Schema(description = "what to know of the data: a word, a colon, a sentence", example = "[]")
            List<String> warnings,

            @Schema(description = "versions of what trained it", example = "{\"java\":\"25\",\"djl\":\"0.35.1\"}")
            Map<String, String> software,

            @Schema(description = "where it came from, null if it was trained here")
            Manifest.@Nullable Import imported) {

        static Model of(Manifest manifest) {
            return new Model(
                    manifest.name().value(),
                    manifest.version(),
                    manifest.created(),
                    manifest.specification(),
                    Layer.of(manifest.layers()),
                    manifest.parameters(),
                    Data.of(manifest),
                    manifest.scaling(),
                    CalibrationView.of(manifest.scoring().scale().calibration()),
                    new Line(manifest.scoring().line(), manifest.scoring().basis()),
                    PartnerView.of(manifest),
                    manifest.history().size(),
                    manifest.bestEpoch(),
                    manifest.trainingSeconds(),
                    manifest.warnings(),
                    manifest.software(),
                    manifest.imported());
        }
    }

    /// One layer.
    ///
    /// @param outputShape of what it gives for one window
    @Schema(name = "LayerDescription")
    record Layer(
            @Schema(description = "as its tensors are named", example = "encoder.0.linear")
            String name,

            @Schema(description = "linear, dropout, or the activation", example = "linear")
            String kind,

            @Schema(description = "of what it gives for one window", example = "[32]")
            List<Integer> outputShape,

            @Schema(description = "numbers that it learns", example = "1056")
            long parameters) {

        static List<Layer> of(List<LayerDescription> layers) {
            return layers.stream()
                    .map(layer -> new Layer(layer.name(), layer.kind(), layer.outputShape(), layer.parameters()))
                    .toList();
        }
    }

    /// What the model was made of.
    @Schema(name = "ModelData", description = "What the model was made of")
    record Data(
            @Schema(description = "of each series id, name and labels, and the fingerprint of its samples")
            List<Manifest.Source> sources,

            @Schema(
                    description = "what the series are called in bodies and answers of the model",
                    example = "[\"ec2_disk_write_bytes\"]")
            List<String> channels,

            @Schema(
                    description = "what the channels derived from them are called in answers",
                    example = "[\"ec2_disk_write_bytes.difference\"]")
            List<String> derived,

            GridView grid) {

        static Data of(Manifest manifest) {
            return new Data(
                    manifest.sources(),
                    manifest.seriesNames(),
                    manifest.specification().derivation().names(manifest.seriesNames()),
                    GridView.of(manifest.grid()));
        }
    }

    /// @param interval milliseconds from row to row
    @Schema(name = "Grid", description = "The moments at which the model has rows")
    record GridView(
            @Schema(description = "milliseconds from row to row", example = "300000")
            long interval,

            @Schema(description = "time of one row") Instant origin) {

        static GridView of(Grid grid) {
            return new GridView(grid.interval(), Instant.ofEpochMilli(grid.origin()));
        }
    }

    /// @param n normal errors it was learned from
    @Schema(name = "Calibration", description = "What turns errors into tail probabilities")
    record CalibrationView(
            @Schema(description = "normal errors it was learned from", example = "709")
            int n,

            @Schema(description = "generalised Pareto distribution of the errors above its threshold")
            Tail tail,

            @Schema(description = "what it can be trusted with")
            Calibration.Quality quality) {

        static CalibrationView of(Calibration calibration) {
            return new CalibrationView(calibration.n(), calibration.tail(), calibration.quality());
        }
    }

    /// @param error that scores 1, in squared scaled units
    @Schema(name = "Line", description = "What scores exactly 1")
    record Line(
            @Schema(description = "in squared scaled units", example = "0.0123")
            double error,

            @Schema(description = "what a score is a multiple of: the line's evidence or its error")
            ScoreScale.Basis basis) {}

    /// The second judge and what scores.
    @Schema(name = "LearnedPartner", description = "A second judge, and the line of the evidence of both")
    record PartnerView(
            @Schema(example = "random-cut-forest") ModelSpecification.Partner kind,

            @Schema(description = "of the partner's own errors")
            CalibrationView calibration,

            BlendView blend) {

        static @Nullable PartnerView of(Manifest manifest) {
            LearnedPartner learned = manifest.partner();
            return learned == null
                    ? null
                    : new PartnerView(
                            manifest.specification().partner().orElseThrow(),
                            CalibrationView.of(learned.calibration().calibration()),
                            new BlendView(
                                    CalibrationView.of(learned.blend().scale().calibration()),
                                    learned.blend().line(),
                                    learned.blend().basis()));
        }
    }

    /// @param line the evidence of both that scores 1
    @Schema(name = "Blend", description = "What a model with a partner scores: the sum of the evidence of both")
    record BlendView(
            @Schema(description = "what turns sums on normal rows into tail probabilities")
            CalibrationView calibration,

            @Schema(description = "the sum that scores 1, as −ln of a probability", example = "11.6")
            double line,

            @Schema(description = "what a score is a multiple of: the line's evidence or the line")
            ScoreScale.Basis basis) {}

    /// How a training went and what the model is worth.
    @Schema(name = "Evaluation")
    record EvaluationView(
            @Schema(description = "one entry for each epoch run")
            List<Manifest.Epoch> history,

            @Schema(description = "of the model") TestFigures test,

            @Schema(description = "why a figure of `test` is null", example = "{}")
            Map<String, String> reasons,

            Curves curves,

            @Schema(
                    description = "of a model with a partner each of the two alone, on the same rows; `test` and"
                            + " `curves` are of both together; empty of other models and where nothing is measured")
            List<BaselineView> evidence,

            @Schema(
                    description =
                            "plain judges, learned and measured on the same rows; empty where nothing is measured")
            List<BaselineView> baselines,

            @Schema(
                    description = "what to know of the data and of the figures: a word, a colon, a sentence;"
                            + " `baseline-better` where a plain judge ranks the test rows better",
                    example = "[]")
            List<String> warnings) {

        static EvaluationView of(Manifest manifest) {
            Evaluation evaluation = manifest.evaluation();
            return new EvaluationView(
                    manifest.history(),
                    evaluation.test(),
                    evaluation.reasons(),
                    evaluation.curves(),
                    evaluation.evidence().stream().map(BaselineView::of).toList(),
                    evaluation.baselines().stream().map(BaselineView::of).toList(),
                    manifest.warnings());
        }
    }

    /// A judge by itself.
    @Schema(name = "BaselineFigures")
    record BaselineView(
            @Schema(
                    description = "`robust-z-score`: distance from the median; `difference`: distance from the value"
                            + " before; both in robust deviations; `random-cut-forest`: how easily random cuts tell the"
                            + " window that ends in the row from windows learned from; `reconstruction`: the network",
                    example = "robust-z-score")
            String name,

            @JsonUnwrapped TestFigures test,

            @Schema(description = "why a figure is null", example = "{}")
            Map<String, String> reasons) {

        static BaselineView of(Evaluation.Rival rival) {
            return new BaselineView(rival.name(), rival.test(), rival.reasons());
        }
    }

    /// An architecture to be described.
    @Schema(name = "ArchitectureQuestion")
    record ArchitectureQuestion(
            ArchitectureForm architecture,
            @Nullable WindowingForm windowing,

            @Schema(description = "series that a window holds, 1 if left out", example = "1") @Nullable
            Integer channels) {}

    /// An architecture described.
    @Schema(name = "ArchitectureDescription")
    record ArchitectureDescription(
            List<Layer> layers,

            @Schema(description = "of all layers", example = "3184")
            long parameters,

            @Schema(description = "width of the narrowest layer", example = "16")
            int bottleneck) {}
}
