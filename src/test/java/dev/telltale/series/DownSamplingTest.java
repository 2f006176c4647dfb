package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;

class DownSamplingTest {

    private record Point(long time, double value) {}

    @Test
    void letsTheSmallestAndLargestOfEachSpanPassInTheirOrder() {
        // Two spans, 0 to 4 and 5 to 9.
        List<Point> points =
                List.of(at(0, 5), at(1, 9), at(3, 1), at(4, 6), at(5, 2), at(6, 2), at(7, 3), at(8, 3), at(9, 2));

        assertThat(thinned(points, 4)).containsExactly(at(1, 9), at(3, 1), at(5, 2), at(7, 3));
        assertThat(thinned(points, 5)).as("an odd one is not used").isEqualTo(thinned(points, 4));
        assertThat(thinned(points, 2)).containsExactly(at(1, 9), at(3, 1));
    }

    @Test
    void leavesAGapAGap() {
        List<Point> points = List.of(at(0, 1), at(1, 2), at(2, 3), at(97, 4), at(98, 5), at(99, 6));

        assertThat(thinned(points, 20)).containsExactly(at(0, 1), at(2, 3), at(97, 4), at(99, 6));
    }

    @Test
    void givesWhatAPlainLoopGives() {
        Random random = new Random(11);
        for (int round = 0; round < 2_000; round++) {
            List<Point> points = points(random, 1 + random.nextInt(60), 1 + random.nextInt(200));
            int most = 2 + random.nextInt(40);

            assertThat(thinned(points, most))
                    .isEqualTo(plainlyThinned(points, most))
                    .hasSizeLessThanOrEqualTo(most);
        }
    }

    @Test
    void keepsBothExtremesOfTheWhole() {
        Random random = new Random(12);
        for (int round = 0; round < 500; round++) {
            List<Point> points = points(random, 2 + random.nextInt(200), 1_000);
            List<Double> kept = thinned(points, 2 + random.nextInt(9)).stream()
                    .map(Point::value)
                    .toList();

            assertThat(kept)
                    .contains(points.stream()
                            .map(Point::value)
                            .min(Double::compare)
                            .orElseThrow())
                    .contains(points.stream()
                            .map(Point::value)
                            .max(Double::compare)
                            .orElseThrow());
        }
    }

    @Test
    void aCenturyOfMillisecondsIsNoOverflow() {
        long century = Intake.LATEST - Intake.EARLIEST;
        List<Point> points =
                List.of(at(Intake.EARLIEST, 1), at(Intake.EARLIEST + century / 2, 2), at(Intake.LATEST, 3));

        assertThat(thinned(points, 100_000)).isEqualTo(points);
    }

    private static List<Point> thinned(List<Point> points, int most) {
        List<Point> passed = new ArrayList<>();
        DownSampling thinner = new DownSampling(
                points.getFirst().time(),
                points.getLast().time(),
                most,
                (time, value) -> passed.add(new Point(time, value)));
        points.forEach(point -> thinner.accept(point.time(), point.value()));
        thinner.end();
        return passed;
    }

    private static List<Point> plainlyThinned(List<Point> points, int most) {
        long first = points.getFirst().time();
        long duration = points.getLast().time() - first + 1;
        int spans = most / 2;
        List<Point> passed = new ArrayList<>();
        for (int span = 0; span < spans; span++) {
            int current = span;
            List<Point> inside = points.stream()
                    .filter(point -> (point.time() - first) * spans / duration == current)
                    .toList();
            TreeSet<Point> extremes = new TreeSet<>(Comparator.comparingLong(Point::time));
            inside.stream().reduce(earliest((a, b) -> a.value() <= b.value())).ifPresent(extremes::add);
            inside.stream().reduce(earliest((a, b) -> a.value() >= b.value())).ifPresent(extremes::add);
            passed.addAll(extremes);
        }
        return passed;
    }

    private static BinaryOperator<Point> earliest(BiPredicate<Point, Point> firstWins) {
        return (a, b) -> firstWins.test(a, b) ? a : b;
    }

    private static List<Point> points(Random random, int count, int farthest) {
        TreeSet<Long> times = new TreeSet<>();
        while (times.size() < Math.min(count, farthest)) {
            times.add((long) random.nextInt(farthest));
        }
        return times.stream().map(time -> at(time, random.nextInt(7))).toList();
    }

    private static Point at(long time, double value) {
        return new Point(time, value);
    }
}
