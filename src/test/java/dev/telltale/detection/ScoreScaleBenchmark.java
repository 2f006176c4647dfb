package dev.telltale.detection;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/// Nanoseconds that a score takes, in the body and in the tail: medians of rounds.
final class ScoreScaleBenchmark {

    private static final int ERRORS = 1_000_000;
    private static final int ROUNDS = 21;

    private ScoreScaleBenchmark() {}

    public static void main(String[] arguments) {
        Random random = new Random(1);
        ReconstructionErrors normal = draw(random, 1);
        long start = System.nanoTime();
        Calibration calibration = Calibration.of(normal);
        report("calibrate on 1,000,000 errors, per error", System.nanoTime() - start);
        ScoreScale scale = ScoreScale.of(calibration, calibration.exceededBy(0.0001), 1e-12);
        measure("score of normal rows", scale, draw(random, 1));
        measure("score of anomalous rows", scale, draw(random, 1000));
    }

    private static void measure(String what, ScoreScale scale, ReconstructionErrors errors) {
        long[] taken = new long[ROUNDS];
        double sum = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < errors.count(); i++) {
                sum += scale.score(errors.value(i));
            }
            taken[round] = System.nanoTime() - start;
        }
        Arrays.sort(taken);
        report(what + " (sum " + sum + ")", taken[ROUNDS / 2]);
    }

    private static void report(String what, long nanoseconds) {
        System.out.printf(Locale.ROOT, "%6.1f ns  %s%n", (double) nanoseconds / ERRORS, what);
    }

    private static ReconstructionErrors draw(Random random, double size) {
        double[] errors = new double[ERRORS];
        Arrays.setAll(errors, i -> size * random.nextGaussian() * random.nextGaussian());
        Arrays.setAll(errors, i -> errors[i] * errors[i]);
        return new ReconstructionErrors(errors);
    }
}
