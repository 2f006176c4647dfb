package dev.telltale.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.telltale.detection.Figure.Known;
import dev.telltale.detection.Figure.Undefined;
import dev.telltale.detection.LabelledErrors.Drawn;
import dev.telltale.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import tools.jackson.databind.JsonNode;

class VolumeUnderSurfaceTest {

    @Test
    void isTheAveragePrecisionWhereNothingCountsAsNear() {
        // With few rows every one of them is a threshold.
        double[] errors = {1, 9, 2, 7, 3};
        boolean[] anomalous = {false, true, false, false, true};

        // the ranges are met one after the other, so recall 1/2 of the first step counts half
        assertThat(volume(errors, anomalous, 0)).isCloseTo(1.0 / 4 * 1 + 3.0 / 4 * 2 / 3, within(1e-12));
    }

    @Test
    void countsAReportNextToARangeByItsDistance() {
        // Errors fall along the rows: the row before the range comes first, then the range itself.
        double[] errors = {9, 8, 1};
        boolean[] anomalous = {false, true, false};
        double near = Math.sqrt(0.5); // one row away, reach 2

        // reach 0 and 1: nothing at the first threshold, then recall 1 at precision 1/2
        double strict = 1.0 / 2;
        // reach 2, rows reported one, two, three: the widened range is met at once
        double first = near / (1 + near / 2);
        double second = Math.min(1, (1 + near) / (1 + near / 2));
        double wide = first * near + (second - first) * (1 + near) / 2;
        assertThat(volume(errors, anomalous, 0)).isCloseTo(strict, within(1e-12));
        assertThat(volume(errors, anomalous, 2)).isCloseTo((2 * strict + wide) / 3, within(1e-12));
    }

    @Test
    void isFullForAPerfectRanking() {
        assertThat(volume(new double[] {0, 0, 5, 5, 0, 0}, new boolean[] {false, false, true, true, false, false}, 0))
                .isEqualTo(1);
    }

    @Test
    void equalsThePlainestLoopsOnManySmallInputs() {
        Random random = new Random(3);
        for (int round = 0; round < 400; round++) {
            Drawn drawn = LabelledErrors.draw(random, random.nextInt(8) == 0 ? 400 : 30);
            int window = random.nextInt(20);
            boolean[] split = new boolean[drawn.anomalous().length];
            for (int row = 1; round % 2 == 0 && row < split.length; row++) {
                split[row] = random.nextInt(6) == 0;
            }
            Runs runs = TestRuns.split(split.length, row -> split[row]);
            Figure figure = VolumeUnderSurface.precisionRecall(runs, drawn.errors(), drawn.anomalous(), window);

            if (figure instanceof Known(double value)) {
                assertThat(value).isCloseTo(plain(drawn, split, window), within(1e-12));
            } else {
                assertThat(drawn.anomalous()).doesNotContain(true);
            }
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "TELLTALE_CORPORA",
            matches = ".+",
            disabledReason = "TELLTALE_CORPORA does not name a directory of corpora that holds vus_golden.json")
    void equalsTheAuthorsOwnCode() throws IOException {
        JsonNode cases = new Json()
                .mapper()
                .readTree(Files.readString(Path.of(System.getenv("TELLTALE_CORPORA"), "vus_golden.json")));
        assertThat(cases.size()).isEqualTo(4);
        for (JsonNode golden : cases) {
            double[] scores = golden.get("scores")
                    .valueStream()
                    .mapToDouble(JsonNode::asDouble)
                    .toArray();
            double least = Arrays.stream(scores).min().orElseThrow();
            boolean[] anomalous = new boolean[scores.length];
            for (JsonNode event : golden.get("events")) {
                Arrays.fill(anomalous, event.get(0).asInt(), event.get(1).asInt() + 1, true);
            }
            JsonNode metrics = golden.get("metrics");
            double[] errors = Arrays.stream(scores).map(score -> score - least).toArray();

            assertThat(volume(errors, anomalous, golden.get("window").asInt()))
                    .isCloseTo(metrics.get("VUS-PR").asDouble(), within(1e-9));
            Ranking ranking = Ranking.of(new ReconstructionErrors(errors), anomalous);
            assertThat(ranking.rocAuc())
                    .isInstanceOfSatisfying(
                            Known.class,
                            known -> assertThat(known.value())
                                    .isCloseTo(metrics.get("AUC-ROC").asDouble(), within(1e-9)));
        }
    }

    @Test
    void takesTheMedianLengthOfTheRangesAsWindow() {
        boolean[] anomalous = new boolean[2_000];
        Runs runs = TestRuns.unbroken(2_000);
        assertThat(VolumeUnderSurface.window(runs, anomalous)).isZero();
        Arrays.fill(anomalous, 10, 13, true);
        Arrays.fill(anomalous, 20, 27, true);
        Arrays.fill(anomalous, 40, 90, true);
        assertThat(VolumeUnderSurface.window(runs, anomalous)).isEqualTo(7);
        Arrays.fill(anomalous, true);
        assertThat(VolumeUnderSurface.window(runs, anomalous)).isEqualTo(VolumeUnderSurface.LARGEST_WINDOW);
    }

    @Test
    void isUndefinedWithoutAnnotatedRows() {
        ReconstructionErrors errors = new ReconstructionErrors(new double[] {1, 2});
        assertThat(VolumeUnderSurface.precisionRecall(TestRuns.unbroken(2), errors, new boolean[2], 4))
                .isEqualTo(new Undefined("no row is annotated as anomalous"));
        assertThat(VolumeUnderSurface.precisionRecall(
                        TestRuns.unbroken(0), new ReconstructionErrors(new double[0]), new boolean[0], 4))
                .isEqualTo(new Undefined("no row is annotated as anomalous"));
    }

    @Test
    void refusesWindowsBeyondItsBoundAndAnnotationsOfOtherRows() {
        assertThatIllegalArgumentException().isThrownBy(() -> volume(new double[1], new boolean[] {true}, -1));
        assertThatIllegalArgumentException().isThrownBy(() -> volume(new double[1], new boolean[] {true}, 513));
        assertThatIllegalArgumentException().isThrownBy(() -> volume(new double[1], new boolean[2], 4));
    }

    private static double volume(double[] errors, boolean[] anomalous, int window) {
        Figure figure = VolumeUnderSurface.precisionRecall(
                TestRuns.unbroken(errors.length), new ReconstructionErrors(errors), anomalous, window);
        return ((Known) figure).value();
    }

    /// As the paper says it: every reach, every threshold, every row.
    private static double plain(Drawn drawn, boolean[] split, int window) {
        boolean[] anomalous = drawn.anomalous();
        int n = anomalous.length;
        double[] rising = drawn.errors().sorted();
        double sum = 0;
        for (int reach = 0; reach <= window; reach++) {
            double[] weights = weights(anomalous, split, reach);
            int[] widened = widened(anomalous, split, reach / 2);
            double recallBefore = 0;
            for (int k = 0; k < 250; k++) {
                int rank = k == 249 ? n - 1 : (int) (k * ((n - 1) / 249.0));
                double threshold = rising[n - 1 - rank];
                double positives = 0;
                double nearby = 0;
                double truly = 0;
                double all = 0;
                Set<Integer> met = new HashSet<>();
                for (int row = 0; row < n; row++) {
                    positives += anomalous[row] ? 1 : 0;
                    if (drawn.errors().value(row) >= threshold) {
                        nearby += anomalous[row] ? 0 : weights[row];
                        truly += weights[row];
                        all++;
                        met.add(widened[row]);
                    }
                }
                met.remove(0);
                double shareMet =
                        (double) met.size() / Arrays.stream(widened).max().orElseThrow();
                double recall = Math.min(truly / (positives + nearby / 2), 1) * shareMet;
                sum += (recall - recallBefore) * truly / all;
                recallBefore = recall;
            }
        }
        return sum / (window + 1);
    }

    /// 1 in a range, and outside the sum over the ranges near it, at most 1.
    private static double[] weights(boolean[] anomalous, boolean[] split, int reach) {
        double[] weights = new double[anomalous.length];
        for (int row = 0; row < weights.length; row++) {
            double weight = anomalous[row] ? 1 : 0;
            for (int edge = 0; edge < weights.length; edge++) {
                boolean facing = anomalous[edge]
                        && edge != row
                        && !isAnomalous(anomalous, edge + (row < edge ? -1 : 1))
                        && !isSplit(split, Math.min(row, edge), Math.max(row, edge));
                int distance = Math.abs(row - edge);
                weight += facing && distance <= reach / 2 ? Math.sqrt(1 - (double) distance / reach) : 0;
            }
            weights[row] = Math.min(weight, 1);
        }
        return weights;
    }

    /// The number of the widened range that holds a row, from 1, or 0. Ranges that share a row are one; those
    /// that only border on each other are two.
    private static int[] widened(boolean[] anomalous, boolean[] split, int wider) {
        int[] numbers = new int[anomalous.length];
        int number = 0;
        int reached = Integer.MIN_VALUE; // last row that the widened ranges before reach
        for (int row = 0; row < numbers.length; row++) {
            reached = split[row] ? Integer.MIN_VALUE : reached;
            boolean begins = split[row] || !isAnomalous(anomalous, row - 1);
            if (isAnomalous(anomalous, row) && begins && row - wider > reached) {
                number++;
            }
            if (isAnomalous(anomalous, row)) {
                for (int near = Math.max(0, row - wider); near <= Math.min(numbers.length - 1, row + wider); near++) {
                    if (!isSplit(split, Math.min(row, near), Math.max(row, near))) {
                        numbers[near] = number;
                    }
                }
                reached = row + wider;
            }
        }
        return numbers;
    }

    private static boolean isSplit(boolean[] split, int row, int later) {
        return IntStream.rangeClosed(row + 1, later).anyMatch(between -> split[between]);
    }

    private static boolean isAnomalous(boolean[] anomalous, int row) {
        return row >= 0 && row < anomalous.length && anomalous[row];
    }
}
