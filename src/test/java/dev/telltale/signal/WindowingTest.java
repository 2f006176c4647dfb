package dev.telltale.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.telltale.problem.Problem;
import dev.telltale.series.Samples;
import dev.telltale.signal.Scaling.Channel;
import dev.telltale.signal.Scaling.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowingTest {

    @Test
    void leavesOutRowsThatDoNotFillAWindow() {
        assertThat(new Windowing(4, 2).count(9)).isEqualTo(3);
        assertThat(new Windowing(4, 2).count(3)).isZero();
    }

    @Test
    void namesWindowsByTheirLastRow() {
        Frame frame = Frames.at(0, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(new Windowing(4, 2).lastRows(frame)).containsExactly(3, 5, 7);
        assertThat(new Windowing(4, 2).everyRow().lastRows(frame)).containsExactly(3, 4, 5, 6, 7, 8);
        assertThat(new Windowing(10, 1).lastRows(frame)).isEmpty();
    }

    @Test
    void spansNoSplitAndCountsTheStrideFromEachAnew() {
        Frame frame = Frames.at(0, 1, 2, 3, 10, 11, 12, 13, 14); // split before position 4
        assertThat(new Windowing(2, 2).lastRows(frame)).containsExactly(1, 3, 5, 7);
        assertThat(new Windowing(3, 1).lastRows(frame)).containsExactly(2, 3, 6, 7, 8);
    }

    @Test
    void judgesNoFilledRowButLooksBackOverIt() {
        Frame frame = Frames.at(0, 1, 3, 4); // time 2 is filled in
        assertThat(frame.rows()).isEqualTo(5);
        assertThat(new Windowing(2, 1).lastRows(frame)).containsExactly(1, 3, 4);
    }

    @Test
    void avoidsWindowsThatTouchAMarkedRow() {
        boolean[] marked = {false, false, false, true, false, false, false};
        int[] lastRows = {1, 2, 3, 4, 5, 6};
        assertThat(new Windowing(2, 1).avoiding(marked, lastRows)).containsExactly(1, 2, 5, 6);
        assertThat(new Windowing(1, 1).avoiding(marked, lastRows)).containsExactly(1, 2, 4, 5, 6);
    }

    @Test
    void cutsScaledRowsInOrder() {
        Frame frame = Frames.of(new double[] {0, 1, 2, 3}, new double[] {10, 20, 30, 40});
        Scaling scaling = new Scaling(Kind.NONE, List.of(new Channel(0, 1, false), new Channel(0, 10, false)));
        Windows windows = new Windowing(3, 1).cut(frame, scaling, new int[] {2, 3}, 0, 2);
        assertThat(windows.count()).isEqualTo(2);
        assertThat(windows.values()).containsExactly(0, 1, 1, 2, 2, 3, 1, 2, 2, 3, 3, 4);
    }

    @Test
    void cutsLikeAPlainLoopWhateverTheOrderOfWindows() {
        Random random = new Random(3);
        for (int trial = 0; trial < 1000; trial++) {
            Frame frame = randomFrame(random);
            Windowing windowing = new Windowing(1 + random.nextInt(6), 1 + random.nextInt(8));
            int[] lastRows = windowing.lastRows(frame);
            if (random.nextBoolean()) {
                lastRows = shuffled(lastRows, random);
            }
            int from = random.nextInt(lastRows.length + 1);
            int to = from + random.nextInt(lastRows.length - from + 1);
            Scaling scaling = new Scaling(
                    Kind.NONE,
                    IntStream.range(0, frame.channels())
                            .mapToObj(c -> new Channel(c, 3 + c, false))
                            .toList());
            List<Float> expected = new ArrayList<>();
            for (int i = from; i < to; i++) {
                for (int row = lastRows[i] - windowing.length() + 1; row <= lastRows[i]; row++) {
                    for (int c = 0; c < frame.channels(); c++) {
                        expected.add((float) ((frame.value(row, c) - c) / (3 + c)));
                    }
                }
            }
            float[] values = windowing.cut(frame, scaling, lastRows, from, to).values();
            assertThat(values).hasSize(expected.size());
            for (int i = 0; i < values.length; i++) {
                assertThat(values[i]).isEqualTo(expected.get(i));
            }
        }
    }

    @Test
    void findsTheWindowsOfAPlainLoop() {
        Random random = new Random(4);
        for (int trial = 0; trial < 1000; trial++) {
            Frame frame = randomFrame(random);
            Windowing windowing = new Windowing(1 + random.nextInt(5), 1 + random.nextInt(3));
            List<Integer> expected = new ArrayList<>();
            int start = 0;
            while (start + windowing.length() <= frame.rows()) {
                int last = start + windowing.length() - 1;
                int split = firstSplit(frame, start, last);
                if (split > 0) {
                    start = split;
                    continue;
                }
                if (!frame.filled(last)) {
                    expected.add(last);
                }
                int next = start + windowing.stride();
                int crossed = firstSplit(frame, start, Math.min(next, frame.rows() - 1));
                start = crossed > 0 ? crossed : next;
            }
            assertThat(windowing.lastRows(frame))
                    .containsExactly(
                            expected.stream().mapToInt(Integer::intValue).toArray());
        }
    }

    @Test
    void refusesLengthsAndStridesOutOfRange() {
        for (int bad : new int[] {0, -1, 10_001}) {
            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(() -> new Windowing(bad, 1))
                    .withMessageContaining("length");
            assertThatExceptionOfType(Problem.class)
                    .isThrownBy(() -> new Windowing(1, bad))
                    .withMessageContaining("stride");
        }
    }

    /// The first row after `from`, up to `to`, that does not follow the one before it; 0 if all do.
    private static int firstSplit(Frame frame, int from, int to) {
        for (int row = from + 1; row <= to; row++) {
            if (frame.time(row) != frame.time(row - 1) + 1) {
                return row;
            }
        }
        return 0;
    }

    private static Frame randomFrame(Random random) {
        List<Samples> series = new ArrayList<>();
        long[] times = new long[1 + random.nextInt(30)];
        for (int i = 1; i < times.length; i++) {
            times[i] = times[i - 1] + (random.nextInt(5) == 0 ? 1 + random.nextInt(7) : 1);
        }
        for (int c = 0; c <= random.nextInt(3); c++) {
            series.add(new Samples(times, random.doubles(times.length).toArray()));
        }
        return Frame.align(series, new Grid(1, 0), GapPolicy.DEFAULT);
    }

    private static int[] shuffled(int[] rows, Random random) {
        List<Integer> order = new ArrayList<>(IntStream.of(rows).boxed().toList());
        Collections.shuffle(order, random);
        return order.stream().mapToInt(Integer::intValue).toArray();
    }
}
