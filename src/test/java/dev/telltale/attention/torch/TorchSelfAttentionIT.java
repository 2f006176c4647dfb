package dev.telltale.attention.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.attention.AttentionInput;
import dev.telltale.attention.AttentionMask;
import dev.telltale.attention.AttentionResult;
import dev.telltale.attention.Matrix;
import dev.telltale.attention.OutputActivation;
import dev.telltale.attention.PlainAttention;
import dev.telltale.attention.Projection;
import dev.telltale.attention.RandomInputs;
import dev.telltale.torch.SharedEngine;
import dev.telltale.torch.TorchExecutor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class TorchSelfAttentionIT {

    private static final double TOLERANCE = 1e-9;
    private static final TorchExecutor EXECUTOR = new TorchExecutor(2, 64);

    private final TorchSelfAttention attention = new TorchSelfAttention(SharedEngine.ENGINE, EXECUTOR);

    @AfterAll
    static void closeTheExecutor() {
        EXECUTOR.close();
    }

    @Test
    void aThousandRandomTransformsComeToWhatPlainLoopsComeTo() {
        SplittableRandom random = new SplittableRandom(42);
        double largestScore = 0;
        for (int i = 0; i < 1_000; i++) {
            AttentionInput input = RandomInputs.any(random);
            Results results = transform(input);
            PlainAttention.transform(input).forEach((name, expected) -> assertAlike(name, results.of(name), expected));
            assertRowsSumToOne(results.of("weights"), input.x().rows());
            largestScore = Math.max(
                    largestScore,
                    Arrays.stream(results.of("scores")).map(Math::abs).max().orElseThrow());
        }
        assertThat(largestScore).isGreaterThan(1e4);
    }

    @Test
    void sayTheShapesOfWhatTheyCameTo() {
        SplittableRandom random = new SplittableRandom(1);
        AttentionInput input = plain(RandomInputs.matrix(5, 3, 1, random), 2, random);
        try (AttentionResult result = attention.transform(input)) {
            assertThat(result.values().keySet()).containsExactly("q", "k", "v", "scores", "weights", "context", "z");
            assertThat(result.of("q").shape()).containsExactly(5, 4);
            assertThat(result.of("scores").shape()).containsExactly(2, 5, 5);
            assertThat(result.of("context").shape()).containsExactly(5, 6);
        }
    }

    @Test
    void rowsInAnotherOrderComeToTheSameInThatOrder() {
        SplittableRandom random = new SplittableRandom(2);
        Matrix x = RandomInputs.matrix(7, 3, 1, random);
        AttentionInput input = plain(x, 2, random);
        double[] z = transform(input).of("z");
        int[] order = {3, 0, 6, 1, 5, 2, 4};
        double[] turned = new double[21];
        for (int row = 0; row < 7; row++) {
            System.arraycopy(x.values(), order[row] * 3, turned, row * 3, 3);
        }

        double[] turnedZ = transform(withRows(input, new Matrix(7, 3, turned))).of("z");

        for (int row = 0; row < 7; row++) {
            assertThat(Arrays.copyOfRange(turnedZ, row * 6, row * 6 + 6))
                    .containsExactly(Arrays.copyOfRange(z, order[row] * 6, order[row] * 6 + 6), within(1e-12));
        }
    }

    /// A bias of the keys adds q·b to all scores of a row.
    @Test
    void aConstantAddedToAllScoresOfARowChangesNoWeight() {
        SplittableRandom random = new SplittableRandom(3);
        AttentionInput input = plain(RandomInputs.matrix(6, 3, 1, random), 1, random);
        AttentionInput shifted = new AttentionInput(
                input.x(),
                input.query(),
                new Projection(input.key().weight(), Optional.of(new double[] {50, -70, 20, 90})),
                input.value(),
                input.output(),
                input.activation(),
                1,
                Optional.empty());
        Results before = transform(input);
        Results after = transform(shifted);

        assertThat(after.of("scores")[0]).isNotCloseTo(before.of("scores")[0], within(1.0));
        assertThat(after.of("weights")).containsExactly(before.of("weights"), within(1e-12));
    }

    @Test
    void identicalKeysComeToTheMeanOfTheValues() {
        SplittableRandom random = new SplittableRandom(4);
        AttentionInput input = plain(RandomInputs.matrix(6, 3, 1, random), 2, random);
        AttentionInput alike = new AttentionInput(
                input.x(),
                input.query(),
                new Projection(new Matrix(3, 4, new double[12]), Optional.of(new double[] {1, 2, 3, 4})),
                input.value(),
                Optional.empty(),
                OutputActivation.IDENTITY,
                2,
                Optional.empty());
        Results results = transform(alike);

        for (int column = 0; column < 6; column++) {
            double mean = 0;
            for (int row = 0; row < 6; row++) {
                mean += results.of("v")[row * 6 + column] / 6;
            }
            for (int row = 0; row < 6; row++) {
                assertThat(results.of("z")[row * 6 + column]).isEqualTo(mean, within(1e-12));
            }
        }
    }

    @Test
    void aCausalRowDoesNotSeeWhatComesAfterIt() {
        SplittableRandom random = new SplittableRandom(5);
        Matrix x = RandomInputs.matrix(8, 3, 1, random);
        AttentionInput plain = plain(x, 2, random);
        AttentionInput input = new AttentionInput(
                x,
                plain.query(),
                plain.key(),
                plain.value(),
                plain.output(),
                plain.activation(),
                2,
                Optional.of(AttentionMask.causal(8)));
        double[] changed = x.values().clone();
        Arrays.fill(changed, 5 * 3, changed.length, 1e3);
        double[] before = transform(input).of("z");
        double[] after = transform(withRows(input, new Matrix(8, 3, changed))).of("z");

        assertThat(Arrays.copyOf(after, 5 * 6)).containsExactly(Arrays.copyOf(before, 5 * 6), within(1e-12));
        assertThat(after[5 * 6]).isNotCloseTo(before[5 * 6], within(1e-3));
    }

    @Test
    void aScoreFarAboveTheOthersTakesAllTheWeight() {
        Matrix x = new Matrix(2, 1, new double[] {1e4, -1e4});
        Projection one = new Projection(new Matrix(1, 1, new double[] {1}), Optional.empty());
        AttentionInput input =
                new AttentionInput(x, one, one, one, Optional.empty(), OutputActivation.IDENTITY, 1, Optional.empty());

        assertThat(transform(input).of("weights")).containsExactly(1, 0, 0, 1);
    }

    @Test
    void refusesWhatOverflowsAndKeepsNothingOfIt() {
        Projection one = new Projection(new Matrix(1, 1, new double[] {1}), Optional.empty());
        AttentionInput huge = new AttentionInput(
                new Matrix(1, 1, new double[] {1e300}),
                one,
                one,
                one,
                Optional.empty(),
                OutputActivation.IDENTITY,
                1,
                Optional.empty());
        int arrays = SharedEngine.ENGINE.arrays();

        assertThatThrownBy(() -> attention.transform(huge)).hasMessageContaining("scores is beyond ±1.8e308");
        assertThat(SharedEngine.ENGINE.arrays()).isEqualTo(arrays);
    }

    @Test
    void keepsNothingOfWhatItsCallersHaveClosed() {
        SplittableRandom random = new SplittableRandom(6);
        transform(RandomInputs.any(random));
        int arrays = SharedEngine.ENGINE.arrays();
        for (int i = 0; i < 100; i++) {
            transform(RandomInputs.any(random));
        }

        assertThat(SharedEngine.ENGINE.arrays()).isEqualTo(arrays);
    }

    /// dk 4, dv 6, no mask and no projection of the output.
    private static AttentionInput plain(Matrix x, int heads, SplittableRandom random) {
        return new AttentionInput(
                x,
                new Projection(RandomInputs.matrix(3, 4, 1, random), Optional.empty()),
                new Projection(RandomInputs.matrix(3, 4, 1, random), Optional.empty()),
                new Projection(RandomInputs.matrix(3, 6, 1, random), Optional.empty()),
                Optional.empty(),
                OutputActivation.IDENTITY,
                heads,
                Optional.empty());
    }

    private static AttentionInput withRows(AttentionInput input, Matrix x) {
        return new AttentionInput(
                x,
                input.query(),
                input.key(),
                input.value(),
                input.output(),
                input.activation(),
                input.heads(),
                input.mask());
    }

    private record Results(Map<String, double[]> values) {

        double[] of(String step) {
            return Objects.requireNonNull(values.get(step), step);
        }
    }

    private Results transform(AttentionInput input) {
        try (AttentionResult result = attention.transform(input)) {
            Map<String, double[]> values = new LinkedHashMap<>();
            result.values().forEach((name, value) -> values.put(name, value.toArray()));
            return new Results(values);
        }
    }

    /// Within a billionth of the largest value.
    private static void assertAlike(String name, double[] actual, double[] expected) {
        double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
        assertThat(actual).as(name).containsExactly(expected, within(TOLERANCE * largest));
    }

    private static void assertRowsSumToOne(double[] weights, int rows) {
        for (int start = 0; start < weights.length; start += rows) {
            assertThat(Arrays.stream(weights, start, start + rows).sum()).isEqualTo(1, within(1e-12));
        }
    }
}
