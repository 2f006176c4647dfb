package dev.telltale.detection;

import java.util.Arrays;
import java.util.Random;

/// Normal errors of every kind a series can give, drawn from a seed.
final class NormalErrors {

    private NormalErrors() {}

    /// Smooth, heavy-tailed, tied, mostly zero, constant, or a mixture of sizes, from 1e-300 to 1e300 and
    /// some of them denormal.
    static ReconstructionErrors draw(Random random) {
        int n = random.nextInt(3) == 0 ? 1 + random.nextInt(120) : 100 + random.nextInt(3000);
        double size = Math.pow(10, random.nextInt(4) == 0 ? random.nextInt(600) - 300 : random.nextInt(12) - 10);
        int kind = random.nextInt(8);
        double[] errors = new double[n];
        Arrays.setAll(
                errors,
                i -> size
                        * switch (kind) {
                            case 0 -> square(random.nextGaussian());
                            case 1 -> Math.min(1e6, Math.pow(random.nextDouble(), -1.5));
                            case 2 -> random.nextInt(4);
                            case 3 -> random.nextInt(50) == 0 ? random.nextDouble() : 0;
                            case 4 -> 0.7;
                            case 5 -> 0;
                            case 6 -> random.nextInt(5) == 0 ? 1 : random.nextDouble();
                            default -> Math.pow(10, -random.nextInt(20));
                        });
        if (random.nextInt(20) == 0) {
            Arrays.setAll(errors, i -> random.nextInt(40) * Double.MIN_VALUE);
        }
        return new ReconstructionErrors(errors);
    }

    /// Errors to judge: near the normal ones and far beyond them, ascending.
    static double[] ladder(ReconstructionErrors normal) {
        double largest = Arrays.stream(normal.values()).max().orElseThrow();
        double[] ladder = new double[400];
        for (int i = 0; i < ladder.length; i++) {
            double unit = i < 200 ? Math.max(largest, 1e-280) * i / 190 : Math.pow(10, (i - 200) / 8.0 - 12);
            ladder[i] = unit;
        }
        Arrays.sort(ladder);
        return ladder;
    }

    private static double square(double x) {
        return x * x;
    }
}
