package dev.telltale.detection;

import dev.telltale.signal.Frame;
import dev.telltale.signal.Frames;
import dev.telltale.signal.Scaling;
import dev.telltale.signal.Windowing;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/// Processor time that a random cut forest adds to a training of 4,719 rows: learned on 70 % of them, asked for
/// the two parts of 15 % that draw its line and measure it.
final class CutForestBenchmark {

    private static final int ROWS = 4719;
    private static final int ROUNDS = 3;

    private CutForestBenchmark() {}

    public static void main(String[] arguments) {
        for (int length : new int[] {1, 32, 1000}) {
            for (int round = 1; round <= ROUNDS; round++) {
                measure(length, round);
            }
        }
    }

    private static void measure(int length, int round) {
        Random random = new Random(1);
        double[] values = new double[ROWS];
        Arrays.setAll(values, i -> Math.sin(i / 20.0) + random.nextGaussian() / 5);
        Frame frame = Frames.of(values);
        Windowing windowing = new Windowing(length, 1);
        int[] rows = windowing.lastRows(frame);
        int[] train = Arrays.copyOf(rows, rows.length * 7 / 10);
        int[] others = Arrays.copyOfRange(rows, train.length, rows.length);
        Scaling scaling = Scaling.fit(Scaling.Kind.MIN_MAX, frame, train);

        long start = time();
        CutForest forest = CutForest.learn(frame, scaling, windowing, train, 42);
        long learned = time();
        forest.errors(frame, others);
        System.out.printf(
                Locale.ROOT,
                "windows of %4d, round %d: learned in %5.0f ms, %d rows in %5.0f ms%n",
                length,
                round,
                (learned - start) / 1e6,
                others.length,
                (time() - learned) / 1e6);
    }

    private static long time() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
