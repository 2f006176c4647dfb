package dev.telltale.models;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the model is worth on the test part, and what plain judges are worth on the same rows.
///
/// @param test figures of the model
/// @param reasons why a figure of `test` is null, under its name
/// @param curves of the model
/// @param evidence each judge of a hybrid alone; empty of a model that has one
/// @param baselines empty where nothing can be measured
record Evaluation(
        TestFigures test, Map<String, String> reasons, Curves curves, List<Rival> evidence, List<Rival> baselines) {

    /// Figures that need annotations, as `test` names them.
    private static final List<String> FIGURES = List.of(
            "prevalence",
            "confusionMatrix",
            "accuracy",
            "precision",
            "recall",
            "f1",
            "averagePrecision",
            "rocAuc",
            "vusPr",
            "events",
            "falseAlarmsPer1000");

    /// Of a model that is held in memory to score.
    static final Evaluation NOT_HELD = without(0, "it is in the model's file");

    Evaluation {
        reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
        evidence = List.copyOf(evidence);
        baselines = List.copyOf(baselines);
    }

    /// A judge by itself, measured on the same rows.
    ///
    /// @param reasons why a figure of `test` is null, under its name
    record Rival(String name, TestFigures test, Map<String, String> reasons) {

        Rival {
            reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
        }

        Optional<Double> averagePrecision() {
            return Optional.ofNullable(test.averagePrecision());
        }
    }

    /// No figures at all, for one reason.
    static Evaluation without(long rows, String reason) {
        Map<String, String> reasons = new TreeMap<>();
        FIGURES.forEach(figure -> reasons.put(figure, reason));
        return new Evaluation(TestFigures.unknown(rows), reasons, Curves.NONE, List.of(), List.of());
    }

    /// What the user should know of it, the best of better baselines.
    List<String> warnings() {
        double own = Optional.ofNullable(test.averagePrecision()).orElse(Double.POSITIVE_INFINITY);
        return baselines.stream()
                .filter(rival -> rival.averagePrecision().orElse(0.0) > own)
                .max(Comparator.comparing(rival -> rival.averagePrecision().orElse(0.0)))
                .map(rival -> String.format(
                        Locale.ROOT,
                        "baseline-better: the baseline '%s' ranks the test rows better than this model,"
                                + " average precision %.3f against %.3f",
                        rival.name(),
                        rival.averagePrecision().orElse(0.0),
                        own))
                .stream()
                .toList();
    }
}
