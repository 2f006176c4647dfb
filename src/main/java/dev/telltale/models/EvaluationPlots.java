package dev.telltale.models;

import dev.telltale.detection.ConfusionMatrix;
import dev.telltale.drawing.Axis;
import dev.telltale.drawing.Axis.Scale;
import dev.telltale.drawing.Chart;
import dev.telltale.drawing.Colour;
import dev.telltale.drawing.HeatMap;
import dev.telltale.drawing.HeatMap.Names;
import dev.telltale.drawing.Item;
import dev.telltale.drawing.Picture;
import dev.telltale.drawing.Points;
import dev.telltale.models.Manifest.Epoch;
import dev.telltale.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Pictures of what a model's evaluation tells.
final class EvaluationPlots {

    private final Manifest manifest;
    private final Evaluation evaluation;

    EvaluationPlots(Manifest manifest) {
        this.manifest = manifest;
        this.evaluation = manifest.evaluation();
    }

    Picture loss() {
        List<Item> items = new ArrayList<>();
        addLine(items, "train", Colour.BLUE, Epoch::trainLoss);
        addLine(items, "validation", Colour.ORANGE, Epoch::validationLoss);
        addLine(items, "test", Colour.GREEN, Epoch::testLoss);
        return overEpochs("Loss", new Axis("mean squared error (squared scaled units)", Scale.WIDE), items);
    }

    /// @throws dev.telltale.problem.Problem `NOTHING_TO_PLOT` without annotations
    Picture accuracy() {
        List<Item> items = new ArrayList<>();
        addLine(items, "train", Colour.BLUE, Epoch::trainAccuracy);
        addLine(items, "validation", Colour.ORANGE, Epoch::validationAccuracy);
        addLine(items, "test", Colour.GREEN, Epoch::testAccuracy);
        if (items.isEmpty()) {
            throw nothing("accuracy");
        }
        return overEpochs("Accuracy", new Axis("share of right verdicts", Scale.LINEAR), items);
    }

    private void addLine(List<Item> items, String part, Colour colour, Function<Epoch, @Nullable Double> figure) {
        List<Epoch> known = manifest.history().stream()
                .filter(epoch -> figure.apply(epoch) != null)
                .toList();
        if (!known.isEmpty()) {
            double[] epochs = known.stream().mapToDouble(Epoch::epoch).toArray();
            double[] values = known.stream()
                    .mapToDouble(epoch -> Objects.requireNonNull(figure.apply(epoch)))
                    .toArray();
            items.add(new Item.Line(part, new Points(epochs, values), colour));
        }
    }

    private Picture overEpochs(String what, Axis axis, List<Item> items) {
        String best = "best epoch, %d of %d"
                .formatted(manifest.bestEpoch(), manifest.history().size());
        items.add(new Item.Moment(best, manifest.bestEpoch(), Colour.GREY));
        String subtitle = "after each epoch; the weights of the best one are kept";
        return new Chart(title(what), subtitle, new Axis("epoch", Scale.WHOLE), axis, items).picture();
    }

    /// @throws dev.telltale.problem.Problem `NOTHING_TO_PLOT` without annotations
    Picture confusionMatrix() {
        ConfusionMatrix matrix = evaluation.test().confusionMatrix();
        if (matrix == null) {
            throw nothing("confusionMatrix");
        }
        double[][] shares = {shares(matrix.tp(), matrix.fn()), shares(matrix.fp(), matrix.tn())};
        return new HeatMap(
                        title("Confusion matrix"),
                        new Names("annotated as", List.of("anomalous", "normal")),
                        new Names("model's verdict", List.of("anomalous", "normal")),
                        shares)
                .between(0, 1)
                .saying("%d rows of the test part; colours are shares of each annotation".formatted(matrix.rows()))
                .with(List.of(
                        cell(matrix.tp(), shares[0][0]),
                        cell(matrix.fn(), shares[0][1]),
                        cell(matrix.fp(), shares[1][0]),
                        cell(matrix.tn(), shares[1][1])))
                .picture();
    }

    /// Not numbers without any row.
    private static double[] shares(long one, long other) {
        double all = (double) one + other;
        return new double[] {one / all, other / all};
    }

    private static String cell(long rows, double share) {
        return Double.isNaN(share) ? "0" : String.format(Locale.ROOT, "%d (%.1f %%)", rows, 100 * share);
    }

    /// @throws dev.telltale.problem.Problem `NOTHING_TO_PLOT` without annotations
    Picture precisionRecall() {
        TestFigures test = evaluation.test();
        List<Curves.PrecisionRecall> curve = evaluation.curves().precisionRecall();
        if (curve.isEmpty() || test.averagePrecision() == null) {
            throw nothing("averagePrecision");
        }
        List<Item> items = new ArrayList<>();
        String average = String.format(Locale.ROOT, "model, average precision %.3f", test.averagePrecision());
        items.add(new Item.Line(average, steps(curve), Colour.BLUE));
        if (test.prevalence() != null) {
            String guessing = String.format(Locale.ROOT, "guessing, the prevalence %.3f", test.prevalence());
            items.add(new Item.Level(guessing, test.prevalence(), Colour.GREY));
        }
        if (test.precision() != null && test.recall() != null) {
            String line = String.format(
                    Locale.ROOT, "the model's line, precision %.3f and recall %.3f", test.precision(), test.recall());
            Points point = new Points(new double[] {test.recall()}, new double[] {test.precision()});
            items.add(new Item.Dots(line, point, Colour.RED));
        }
        return new Chart(
                        title("Precision and recall"),
                        "%d rows of the test part, for every line that could be drawn".formatted(test.rows()),
                        new Axis("recall (reported share of annotated rows)", Scale.SHARE),
                        new Axis("precision (annotated share of reported rows)", Scale.SHARE),
                        items)
                .picture();
    }

    /// The steps whose area is the average precision.
    private static Points steps(List<Curves.PrecisionRecall> curve) {
        double[] recall = new double[2 * curve.size()];
        double[] precision = new double[recall.length];
        for (int i = 0; i < curve.size(); i++) {
            recall[2 * i] = i == 0 ? 0 : curve.get(i - 1).recall();
            recall[2 * i + 1] = curve.get(i).recall();
            precision[2 * i] = curve.get(i).precision();
            precision[2 * i + 1] = curve.get(i).precision();
        }
        return new Points(recall, precision);
    }

    private Problem nothing(String figure) {
        return ModelsProblem.NOTHING_TO_PLOT.because(
                "version %d of model '%s' has nothing to show here: %s",
                manifest.version(), manifest.name(), evaluation.reasons().getOrDefault(figure, "it was not measured"));
    }

    private String title(String what) {
        return title(what, manifest);
    }

    static String title(String what, Manifest manifest) {
        return "%s of model %s, version %d".formatted(what, manifest.name(), manifest.version());
    }
}
