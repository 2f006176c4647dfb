package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.models.ModelSpecification.Annotated;
import dev.telltale.models.ModelSpecification.ErrorOf;
import dev.telltale.models.ModelSpecification.ScalingChoice;
import dev.telltale.problem.Problem;
import dev.telltale.series.Annotation;
import dev.telltale.series.Labels;
import dev.telltale.series.Samples;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import dev.telltale.signal.GapPolicy;
import dev.telltale.signal.Scaling;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TrainingDataTest {

    private static final Series SERIES =
            new Series(17, new SeriesKey("cpu", Labels.NONE), Optional.empty(), Optional.empty());

    private static final ModelSpecification MEANS =
            TestModels.specification("m", 4, GapPolicy.DEFAULT, ErrorOf.MEAN, "cpu");

    @Test
    void dividesHundredRowsByTheDefaultShares() {
        TrainingData data = data(TestModels.specification("m", 1), ramp(100), List.of());

        assertThat(data.train()).hasSize(70);
        assertThat(data.validation()).hasSize(15);
        assertThat(data.test()).hasSize(15);
        assertThat(data.windows()).isEqualTo(100);
        // The values 0 to 69 are learned from.
        assertThat(data.scaling()).isEqualTo(scaling(0, 69));
    }

    @Test
    void learnsNothingFromAnnotatedRows() {
        TrainingData data = data(TestModels.specification("m", 4), ramp(100), List.of(anomalous(10, 12)));

        // Windows that end in rows 3 to 69, without the six that hold one of rows 10 to 12.
        assertThat(data.train())
                .hasSize(61)
                .doesNotContain(10, 11, 12, 13, 14, 15)
                .contains(9, 16);
        assertThat(data.test()).hasSize(15);
    }

    @Test
    void scalesByNoAnnotatedRow() {
        TrainingData data = data(TestModels.specification("m", 4), ramp(100), List.of(anomalous(68, 69)));

        assertThat(data.scaling()).isEqualTo(scaling(0, 67));
    }

    @Test
    void takesRowsForNormalOfWhichNoWindowMeetsAnAnnotatedOne() {
        // Of the rows 70 to 84 that validate, windows of 4 rows that hold 77 to 83 meet row 80.
        assertThat(data(MEANS, ramp(100), List.of(anomalous(80, 80))).normal())
                .containsExactly(70, 71, 72, 73, 74, 75, 76, 84);
    }

    /// No window spans the split, so that none holds both row 79 and the annotated one behind it.
    @Test
    void takesRowsForNormalThatASplitPartsFromAnAnnotatedOne() {
        Samples samples = ramp(100);
        for (int row = 80; row < 100; row++) {
            samples.times()[row] += 10 * TestModels.MINUTE;
        }

        assertThat(data(MEANS, samples, List.of(anomalous(90, 90))).normal())
                .containsExactly(70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 84);
    }

    @Test
    void refusesToJudgeByMeansWhereEveryRowIsNearAnAnnotatedOne() {
        List<Annotation> annotations = List.of(anomalous(73, 73), anomalous(79, 79), anomalous(85, 85));

        assertThatThrownBy(() -> data(MEANS, ramp(100), annotations))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ModelsProblem.NOT_ENOUGH_DATA))
                .hasMessageContaining("errorOf mean")
                .hasMessageContaining("of the 7 rows to draw the line from none is");
    }

    /// Squares and answers of each row are doubles, the number of its windows an int.
    @Test
    void countsTheMeansOfRowsAmongTheBytes() {
        long bytes =
                data(TestModels.specification("m", 4), ramp(100), List.of()).bytes();

        assertThat(bytes).isEqualTo(97 * 4 * 4);
        assertThat(data(MEANS, ramp(100), List.of()).bytes()).isEqualTo(bytes + 100 * (8 + 8 + 4));
    }

    private static ModelSpecification including() {
        return with(
                TestModels.specification("m", 1),
                new Annotated(Annotated.Use.INCLUDE, "default"),
                ScalingChoice.DEFAULT);
    }

    @Test
    void learnsFromAnnotatedRowsWhereThatIsAskedFor() {
        ModelSpecification specification = with(
                TestModels.specification("m", 4),
                new Annotated(Annotated.Use.INCLUDE, "default"),
                new ScalingChoice(Scaling.Kind.MIN_MAX, ScalingChoice.Over.ALL));

        TrainingData data = data(specification, ramp(100), List.of(anomalous(10, 12)));

        assertThat(data.train()).hasSize(67);
        assertThat(data.anomalous()[11]).isTrue();
        assertThat(data.scaling()).isEqualTo(scaling(0, 99));
    }

    @Test
    void marksTheRowsWhoseIntervalMeetsAnAnnotation() {
        Random random = new Random(5);
        for (int i = 0; i < 300; i++) {
            List<Annotation> annotations = Stream.generate(() -> {
                        long start = TestModels.ORIGIN + random.nextLong(-2, 30) * TestModels.MINUTE / 2;
                        return annotation(start, start + random.nextLong(0, 5) * TestModels.MINUTE / 2);
                    })
                    .limit(random.nextInt(6))
                    .toList();

            TrainingData data = data(including(), ramp(12), annotations);

            for (int row = 0; row < 12; row++) {
                long end = data.frame().time(row);
                boolean met = annotations.stream()
                        .anyMatch(range -> range.start() <= end && range.end() > end - TestModels.MINUTE);
                assertThat(data.anomalous()[row])
                        .as("row %d of %s", row, annotations)
                        .isEqualTo(met);
            }
        }
    }

    @Test
    @Timeout(10)
    void marksManyRowsOfManyAnnotationsInOneSweep() {
        List<Annotation> annotations = IntStream.range(0, 50_000)
                .mapToObj(i -> anomalous(4 * i, 4 * i))
                .toList();

        TrainingData data = data(including(), ramp(200_000), annotations);

        assertThat(IntStream.range(0, 200_000).filter(row -> data.anomalous()[row]))
                .hasSize(50_000);
    }

    @Test
    void countsNoNormalAnnotationAsAnomalous() {
        Annotation normal = new Annotation(
                1,
                TestModels.ORIGIN,
                TestModels.ORIGIN + 99 * TestModels.MINUTE,
                Annotation.Verdict.NORMAL,
                "default",
                Annotation.Source.USER,
                Optional.empty());

        TrainingData data = data(TestModels.specification("m", 1), ramp(100), List.of(normal));

        assertThat(data.train()).hasSize(70);
        assertThat(data.hasAnnotations()).isTrue();
    }

    @Test
    void refusesASeriesThatIsAnnotatedAllOver() {
        assertThatThrownBy(() -> data(TestModels.specification("m", 4), ramp(100), List.of(anomalous(0, 99))))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ModelsProblem.NOT_ENOUGH_DATA));
    }

    @Test
    void refusesFewerRowsThanAWindowHas() {
        assertThatThrownBy(() -> data(TestModels.specification("m", 32), ramp(31), List.of()))
                .isInstanceOf(Problem.class);
        assertThatThrownBy(() -> data(TestModels.specification("m", 32), ramp(0), List.of()))
                .isInstanceOf(Problem.class);
    }

    @Test
    void takesTheIntervalThatTheSeriesStates() {
        Series stated = new Series(17, SERIES.key(), Optional.empty(), Optional.of(Duration.ofMinutes(2)));

        TrainingData data = TrainingData.of(
                TestModels.specification("m", 1), List.of(new TrainingData.Source(stated, ramp(100), List.of())));

        assertThat(data.frame().grid().interval()).isEqualTo(2 * TestModels.MINUTE);
    }

    @Test
    void givesDifferentSamplesDifferentFingerprints() {
        Samples changed = ramp(100);
        changed.values()[50] = Math.nextUp(50.0);

        assertThat(Fingerprint.of(ramp(100))).hasSize(64).isEqualTo(Fingerprint.of(ramp(100)));
        assertThat(Fingerprint.of(changed)).isNotEqualTo(Fingerprint.of(ramp(100)));
    }

    private static TrainingData data(ModelSpecification specification, Samples samples, List<Annotation> annotations) {
        return TrainingData.of(specification, List.of(new TrainingData.Source(SERIES, samples, annotations)));
    }

    /// The values 0, 1, 2 …, one a minute.
    private static Samples ramp(int count) {
        long[] times = new long[count];
        double[] values = new double[count];
        Arrays.setAll(times, i -> TestModels.ORIGIN + i * TestModels.MINUTE);
        Arrays.setAll(values, i -> i);
        return new Samples(times, values);
    }

    private static Annotation anomalous(int first, int last) {
        return annotation(TestModels.ORIGIN + first * TestModels.MINUTE, TestModels.ORIGIN + last * TestModels.MINUTE);
    }

    private static Annotation annotation(long start, long end) {
        return new Annotation(
                1, start, end, Annotation.Verdict.ANOMALOUS, "default", Annotation.Source.USER, Optional.empty());
    }

    private static Scaling scaling(double min, double max) {
        return new Scaling(Scaling.Kind.MIN_MAX, List.of(new Scaling.Channel(min, max - min, false)));
    }

    private static ModelSpecification with(
            ModelSpecification specification, Annotated annotated, ScalingChoice scaling) {
        return new ModelSpecification(
                specification.name(),
                specification.series(),
                specification.range(),
                specification.architecture(),
                specification.windowing(),
                scaling,
                specification.gaps(),
                specification.errorOf(),
                specification.split(),
                specification.training(),
                annotated,
                specification.threshold(),
                specification.partner(),
                specification.features());
    }
}
