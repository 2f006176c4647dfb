package dev.telltale.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.telltale.problem.Problem;
import dev.telltale.signal.Split.Order;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SplitTest {

    private static final Windowing SINGLE = new Windowing(1, 1);

    @Test
    void dividesRowsInOrderOfTimeByShares() {
        Parts parts = Split.DEFAULT.divide(frame(20), SINGLE, 42); // 14, 3 and 3 rows
        assertThat(parts.train()).containsExactly(range(0, 14));
        assertThat(parts.validation()).containsExactly(14, 15, 16);
        assertThat(parts.test()).containsExactly(17, 18, 19);
        assertThat(parts.trainRows()).containsExactly(range(0, 14));
    }

    @Test
    void aWindowBelongsToThePartOfItsLastRow() {
        Parts parts = Split.DEFAULT.divide(frame(20), new Windowing(5, 1), 42);
        assertThat(parts.train()).containsExactly(range(4, 14));
        assertThat(parts.validation()).containsExactly(14, 15, 16);
        assertThat(parts.test()).containsExactly(17, 18, 19);
        assertThat(parts.trainRows()).containsExactly(range(0, 14));
    }

    @Test
    void theStrideThinsTrainingWindowsOnly() {
        Parts parts = Split.DEFAULT.divide(frame(20), new Windowing(5, 4), 42);
        assertThat(parts.train()).containsExactly(4, 8, 12);
        assertThat(parts.validation()).containsExactly(14, 15, 16);
    }

    @Test
    void leavesRowsUnusedWhereSharesSumToLess() {
        Parts parts = new Split(0.5, 0, 0.25, Order.CHRONOLOGICAL).divide(frame(8), SINGLE, 42);
        assertThat(parts.train()).containsExactly(0, 1, 2, 3);
        assertThat(parts.validation()).isEmpty();
        assertThat(parts.test()).containsExactly(4, 5);
    }

    @Test
    void takesExactNumbersOfRows() {
        Split split = new Split(3405, 379, 946, Order.SHUFFLED); // 4,730 rows, 20 % test, 10 % of the rest validation
        Parts parts = split.divide(frame(4730), SINGLE, 42);
        assertThat(parts.train()).hasSize(3405);
        assertThat(parts.validation()).hasSize(379);
        assertThat(parts.test()).hasSize(946);
    }

    @Test
    void countsOnlyRowsThatAreSamples() {
        Frame frame = Frames.at(0, 2, 4, 6); // times 1, 3 and 5 are filled in
        Parts parts = new Split(2, 1, 1, Order.CHRONOLOGICAL).divide(frame, SINGLE, 42);
        assertThat(parts.train()).containsExactly(0, 2);
        assertThat(parts.validation()).containsExactly(4);
        assertThat(parts.test()).containsExactly(6);
    }

    @Test
    void shufflesBySeed() {
        Split split = new Split(0.5, 0.25, 0.25, Order.SHUFFLED);
        int[] train = split.divide(frame(100), SINGLE, 1).train();
        assertThat(split.divide(frame(100), SINGLE, 1).train()).containsExactly(train);
        assertThat(split.divide(frame(100), SINGLE, 2).train()).isNotEqualTo(train);
        assertThat(train).isSorted().isNotEqualTo(range(0, 50));
    }

    @Test
    void shufflesWindowsWhereTheyAreLonger() {
        Parts parts = new Split(0.5, 0.25, 0.25, Order.SHUFFLED).divide(frame(19), new Windowing(4, 1), 1);
        assertThat(together(parts)).containsExactly(range(3, 19));
        assertThat(parts.train()).hasSize(8);
        assertThat(parts.test()).hasSize(4);
    }

    @Test
    void neverPutsARowIntoTwoPartsNorATrainingWindowAcrossAnother() {
        Random random = new Random(5);
        int divided = 0;
        for (int trial = 0; trial < 3000; trial++) {
            double train = 0.05 + random.nextDouble() / 2;
            double validation = random.nextDouble() * (1 - train);
            double test = 1 - train - validation;
            Order order = random.nextBoolean() ? Order.CHRONOLOGICAL : Order.SHUFFLED;
            Windowing windowing = new Windowing(1 + random.nextInt(4), 1 + random.nextInt(3));
            long[] times = LongStream.range(0, 60)
                    .filter(time -> random.nextInt(12) > 0)
                    .toArray();
            Frame frame = Frames.at(times);
            Parts parts;
            try {
                parts = new Split(train, validation, test, order).divide(frame, windowing, trial);
            } catch (Problem tooFew) {
                assertThat(tooFew.type()).isEqualTo(SignalProblem.NOT_ENOUGH_DATA);
                continue;
            }
            divided++;
            int[] all = together(parts);
            assertThat(all).doesNotHaveDuplicates();
            Set<Integer> windows = new HashSet<>(
                    Arrays.stream(windowing.everyRow().lastRows(frame)).boxed().toList());
            assertThat(windows).containsAll(Arrays.stream(all).boxed().toList());
            if (windowing.stride() == 1) {
                assertThat(all).hasSize(windows.size()); // shares that sum to 1 leave no window out
            }
            if (order == Order.CHRONOLOGICAL) {
                int lastOfTraining = parts.trainRows()[parts.trainRows().length - 1];
                assertThat(parts.train()[parts.train().length - 1]).isLessThanOrEqualTo(lastOfTraining);
                assertThat(IntStream.of(parts.validation())).allMatch(row -> row > lastOfTraining);
                assertThat(IntStream.of(parts.test())).allMatch(row -> row > lastOfTraining);
            }
        }
        assertThat(divided).isGreaterThan(2500);
    }

    @Test
    void refusesMoreRowsThanThereAre() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> new Split(10, 5, 6, Order.CHRONOLOGICAL).divide(frame(20), SINGLE, 42))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(SignalProblem.NOT_ENOUGH_DATA))
                .satisfies(problem -> assertThat(problem.members())
                        .containsEntry("required", 21)
                        .containsEntry("got", 20));
    }

    @Test
    void refusesATrainingPartShorterThanAWindow() {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> Split.DEFAULT.divide(frame(20), new Windowing(15, 1), 42))
                .satisfies(problem -> assertThat(problem.members())
                        .containsEntry("required", 15)
                        .containsEntry("got", 14))
                .withMessageContaining("shorter windows");
    }

    @Test
    void refusesSizesThatAreNoDivision() {
        assertRefused(0.7, 0.2, 0.2, "sum to at most 1");
        assertRefused(0, 0.5, 0.5, "train must be more than 0");
        assertRefused(-0.1, 0.5, 0.5, "train must be");
        assertRefused(0.5, Double.NaN, 0.5, "validation must be");
        assertRefused(0.5, 0.5, Double.POSITIVE_INFINITY, "test must be");
        assertRefused(100, 0.5, 10, "whole numbers");
    }

    @Test
    void toleratesTheRoundingOfShares() {
        assertThat(new Split(0.7, 0.2, 0.1, Order.SHUFFLED)
                        .divide(frame(10), SINGLE, 1)
                        .test())
                .hasSize(1);
    }

    private static void assertRefused(double train, double validation, double test, String why) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> new Split(train, validation, test, Order.CHRONOLOGICAL))
                .satisfies(problem -> assertThat(problem.type()).isEqualTo(SignalProblem.BAD_SPLIT))
                .withMessageContaining(why);
    }

    private static int[] together(Parts parts) {
        return IntStream.concat(
                        IntStream.of(parts.train()),
                        IntStream.concat(IntStream.of(parts.validation()), IntStream.of(parts.test())))
                .sorted()
                .toArray();
    }

    private static Frame frame(int rows) {
        return Frames.of(new double[rows]);
    }

    private static int[] range(int from, int to) {
        return IntStream.range(from, to).toArray();
    }
}
