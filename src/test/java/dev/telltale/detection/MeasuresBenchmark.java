package dev.telltale.detection;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;

/// Milliseconds that the measures take for 1,000,000 rows, a hundredth of them annotated: medians of rounds.
final class MeasuresBenchmark {

    private static final int ROWS = 1_000_000;
    private static final int ROUNDS = 7;

    private MeasuresBenchmark() {}

    public static void main(String[] arguments) {
        Random random = new Random(1);
        boolean[] anomalous = new boolean[ROWS];
        for (int range = 0; range < 20; range++) {
            int from = random.nextInt(ROWS - 500);
            Arrays.fill(anomalous, from, from + 500, true);
        }
        double[] values = new double[ROWS];
        Arrays.setAll(values, i -> Math.abs(random.nextGaussian()) + (anomalous[i] ? random.nextDouble() : 0));
        ReconstructionErrors errors = new ReconstructionErrors(values);
        Runs runs = TestRuns.unbroken(ROWS);
        int window = VolumeUnderSurface.window(runs, anomalous);

        measure("ranking, average precision, ROC-AUC", () -> {
            Ranking ranking = Ranking.of(errors, anomalous);
            return ranking.averagePrecision() + " " + ranking.rocAuc();
        });
        measure(
                "VUS-PR of window " + window,
                () -> VolumeUnderSurface.precisionRecall(runs, errors, anomalous, window)
                        .toString());
    }

    private static void measure(String what, Supplier<String> work) {
        long[] taken = new long[ROUNDS];
        String result = "";
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            result = work.get();
            taken[round] = System.nanoTime() - start;
        }
        Arrays.sort(taken);
        System.out.printf(Locale.ROOT, "%8.1f ms  %s (%s)%n", taken[ROUNDS / 2] / 1e6, what, result);
    }
}
