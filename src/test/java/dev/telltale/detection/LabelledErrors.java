package dev.telltale.detection;

import java.util.Arrays;
import java.util.Random;

/// Small test parts of every kind, drawn from a seed.
final class LabelledErrors {

    private LabelledErrors() {}

    @SuppressWarnings("ArrayRecordComponent") // handed to one test, compared by nobody
    record Drawn(ReconstructionErrors errors, boolean[] anomalous) {}

    /// From no row to `most`, annotated nowhere, everywhere, at random or in ranges; errors distinct, tied
    /// or all equal, and larger in annotated rows or not.
    static Drawn draw(Random random, int most) {
        int n = random.nextInt(8) == 0 ? random.nextInt(3) : random.nextInt(most + 1);
        boolean[] anomalous = new boolean[n];
        switch (random.nextInt(6)) {
            case 0 -> {}
            case 1 -> Arrays.fill(anomalous, true);
            case 2 -> {
                for (int i = 0; i < n; i++) {
                    anomalous[i] = random.nextBoolean();
                }
            }
            default -> {
                for (int range = random.nextInt(4); range >= 0 && n > 0; range--) {
                    int from = random.nextInt(n);
                    Arrays.fill(anomalous, from, Math.min(n, from + 1 + random.nextInt(12)), true);
                }
            }
        }
        int distinct = new int[] {1, 2, 5, 1_000_000}[random.nextInt(4)];
        double lift = random.nextBoolean() ? random.nextDouble() : 0;
        double[] errors = new double[n];
        Arrays.setAll(errors, i -> random.nextInt(distinct) + (anomalous[i] ? Math.rint(lift * distinct) : 0));
        return new Drawn(new ReconstructionErrors(errors), anomalous);
    }
}
