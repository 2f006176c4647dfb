package dev.telltale.models;

import dev.telltale.detection.Alarms;
import dev.telltale.detection.Baseline;
import dev.telltale.detection.ConfusionMatrix;
import dev.telltale.detection.Figure;
import dev.telltale.detection.Ranking;
import dev.telltale.detection.ReconstructionErrors;
import dev.telltale.detection.Runs;
import dev.telltale.detection.ScoreScale;
import dev.telltale.detection.ThresholdRule;
import dev.telltale.detection.VolumeUnderSurface;
import dev.telltale.models.Evaluation.Rival;
import dev.telltale.models.TestFigures.Events;
import dev.telltale.signal.Split;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The test part beside its annotations. It measures the network and the baselines alike.
final class TestPart {

    private static final Figure NO_LINE = new Figure.Undefined(
            "the threshold rule gives no line for this baseline: 'fixed' is an error of the network, and"
                    + " 'best-f1' has found no row to draw one by");
    private static final Figure SHUFFLED = new Figure.Undefined(
            "the split is shuffled, so the rows of the test part do not follow each other in time");

    private final TrainingData data;
    private final boolean[] anomalous;
    private final Runs runs;

    TestPart(TrainingData data) {
        this.data = data;
        this.anomalous = data.anomalous(data.test());
        this.runs = Runs.among(data.frame(), data.test());
    }

    /// What the network is worth, and what the baselines are.
    ///
    /// @param errors of the network on the rows of the test part
    /// @param scale from those errors to scores
    /// @param baselines to be set beside it
    /// @param hybrid that it judges with, if it has a partner
    Evaluation evaluate(
            ReconstructionErrors errors, ScoreScale scale, List<Baseline> baselines, Optional<Hybrid> hybrid) {
        if (anomalous.length == 0) {
            return Evaluation.without(0, "the split leaves no row to test on");
        }
        if (!data.hasAnnotations()) {
            return Evaluation.without(
                    anomalous.length,
                    "there are no annotations in the set '"
                            + data.specification().annotated().set() + "' of the model's series");
        }
        List<Rival> rivals = baselines.stream().map(this::measure).toList();
        if (hybrid.isEmpty()) {
            return evaluation(errors, scale, List.of(), rivals);
        }
        Baseline partner = hybrid.get().partner();
        List<Rival> evidence = Stream.concat(
                        Stream.of(measure("reconstruction", errors, OptionalDouble.of(scale.line()))),
                        rivals.stream().filter(rival -> rival.name().equals(partner.name())))
                .toList();
        ReconstructionErrors blends = hybrid.get().blend().of(errors, errors(partner, data.test()));
        return evaluation(blends, hybrid.get().scale(), evidence, rivals);
    }

    private Evaluation evaluation(
            ReconstructionErrors errors, ScoreScale scale, List<Rival> evidence, List<Rival> baselines) {
        Map<String, String> reasons = new TreeMap<>();
        return new Evaluation(
                measure(errors, OptionalDouble.of(scale.line()), reasons),
                reasons,
                Curves.of(Ranking.of(errors, anomalous), scale),
                evidence,
                baselines);
    }

    private Rival measure(Baseline baseline) {
        ThresholdRule rule = data.specification().threshold().rule();
        OptionalDouble line = switch (rule) {
            case ThresholdRule.Fixed _ -> OptionalDouble.empty();
            case ThresholdRule.BestF1 _ ->
                data.ranking(rows -> errors(baseline, rows)).bestF1Line();
            case ThresholdRule.Rate _, ThresholdRule.Quantile _, ThresholdRule.Sigma _ ->
                OptionalDouble.of(rule.line(errors(baseline, data.normal())));
        };
        return measure(baseline.name(), errors(baseline, data.test()), line);
    }

    private ReconstructionErrors errors(Baseline baseline, int[] rows) {
        return baseline.errors(data.frame().series(), rows);
    }

    private Rival measure(String name, ReconstructionErrors errors, OptionalDouble line) {
        Map<String, String> reasons = new TreeMap<>();
        return new Rival(name, measure(errors, line, reasons), reasons);
    }

    /// @param line the error above which a row is reported
    /// @param reasons takes up why a figure is null
    private TestFigures measure(ReconstructionErrors errors, OptionalDouble line, Map<String, String> reasons) {
        Ranking ranking = Ranking.of(errors, anomalous);
        Optional<boolean[]> reported =
                line.isPresent() ? Optional.of(errors.above(line.getAsDouble())) : Optional.empty();
        Optional<ConfusionMatrix> matrix = reported.map(rows -> ConfusionMatrix.of(rows, anomalous));
        boolean inTime = data.specification().split().order() == Split.Order.CHRONOLOGICAL;
        Optional<Alarms> alarms = reported.filter(_ -> inTime).map(rows -> Alarms.of(runs, rows, anomalous));
        Figure noAlarms = inTime ? NO_LINE : SHUFFLED;
        Figures figures = new Figures(reasons);
        return new TestFigures(
                anomalous.length,
                figures.value("prevalence", ranking.prevalence()),
                figures.value("confusionMatrix", matrix, NO_LINE),
                figures.value("accuracy", matrix.map(ConfusionMatrix::accuracy).orElse(NO_LINE)),
                figures.value(
                        "precision", matrix.map(ConfusionMatrix::precision).orElse(NO_LINE)),
                figures.value("recall", matrix.map(ConfusionMatrix::recall).orElse(NO_LINE)),
                figures.value("f1", matrix.map(ConfusionMatrix::f1).orElse(NO_LINE)),
                figures.value("averagePrecision", ranking.averagePrecision()),
                figures.value("rocAuc", ranking.rocAuc()),
                figures.value("vusPr", inTime ? volume(errors) : SHUFFLED),
                figures.value("events", alarms.map(some -> new Events(some.found(), some.events())), noAlarms),
                figures.value(
                        "falseAlarmsPer1000",
                        alarms.map(Alarms::falseAlarmsPer1000).orElse(noAlarms)));
    }

    private Figure volume(ReconstructionErrors errors) {
        return VolumeUnderSurface.precisionRecall(runs, errors, anomalous, VolumeUnderSurface.window(runs, anomalous));
    }

    /// Values of figures; takes down why there is none.
    private record Figures(Map<String, String> reasons) {

        @Nullable
        Double value(String name, Figure figure) {
            return switch (figure) {
                case Figure.Known(double value) -> value;
                case Figure.Undefined(String reason) -> {
                    reasons.put(name, reason);
                    yield null;
                }
            };
        }

        <T> @Nullable T value(String name, Optional<T> known, Figure without) {
            if (known.isEmpty()) {
                value(name, without);
            }
            return known.orElse(null);
        }
    }
}
