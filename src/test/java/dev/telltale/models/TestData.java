package dev.telltale.models;

import dev.telltale.detection.ThresholdRule;
import dev.telltale.models.ModelSpecification.Threshold;
import dev.telltale.series.Annotation;
import dev.telltale.series.Labels;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import dev.telltale.signal.Split;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Training data for tests: one value a minute, each judged by itself.
final class TestData {

    private TestData() {}

    /// @param values one for each minute, NaN where there is no sample
    static TrainingData of(double[] values, Split split, ThresholdRule rule, Annotation... annotations) {
        ModelSpecification defaults = TestModels.specification("m", 1);
        ModelSpecification specification = new ModelSpecification(
                defaults.name(),
                defaults.series(),
                defaults.range(),
                defaults.architecture(),
                defaults.windowing(),
                defaults.scaling(),
                defaults.gaps(),
                defaults.errorOf(),
                split,
                defaults.training(),
                defaults.annotated(),
                new Threshold(rule, Threshold.Part.VALIDATION),
                Optional.empty(),
                List.of());
        Series series = new Series(17, new SeriesKey("cpu", Labels.NONE), Optional.empty(), Optional.empty());
        int[] sampled = IntStream.range(0, values.length)
                .filter(i -> !Double.isNaN(values[i]))
                .toArray();
        Samples samples = new Samples(
                IntStream.of(sampled)
                        .mapToLong(i -> TestModels.ORIGIN + i * TestModels.MINUTE)
                        .toArray(),
                IntStream.of(sampled).mapToDouble(i -> values[i]).toArray());
        return TrainingData.of(specification, List.of(new TrainingData.Source(series, samples, List.of(annotations))));
    }

    /// Calls the rows from one to another anomalous.
    static Annotation anomalous(int first, int last) {
        return new Annotation(
                1,
                TestModels.ORIGIN + first * TestModels.MINUTE,
                TestModels.ORIGIN + last * TestModels.MINUTE,
                Annotation.Verdict.ANOMALOUS,
                "default",
                Annotation.Source.USER,
                Optional.empty());
    }
}
