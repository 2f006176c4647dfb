package dev.telltale.attention;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// Inputs of all kinds from a seed.
public final class RandomInputs {

    private RandomInputs() {}

    /// 1 to 24 rows, up to 4 heads; biases, a projection of the output, a mask and causality at a coin's
    /// toss; in every fourth input queries so long that scores reach ±10,000.
    public static AttentionInput any(SplittableRandom random) {
        int rows = random.nextInt(1, 25);
        int columns = random.nextInt(1, 10);
        int heads = random.nextInt(1, 5);
        int keys = heads * random.nextInt(1, 6);
        int values = heads * random.nextInt(1, 6);
        double scale = random.nextInt(4) == 0 ? 3_000 : 1;
        Projection value = projection(columns, values, 1, random);
        Optional<Projection> output = random.nextBoolean()
                ? Optional.of(projection(values, random.nextInt(1, 9), 1, random))
                : Optional.empty();
        return new AttentionInput(
                matrix(rows, columns, 1, random),
                projection(columns, keys, scale, random),
                projection(columns, keys, 1, random),
                value,
                output,
                random.nextBoolean() ? OutputActivation.RELU : OutputActivation.IDENTITY,
                heads,
                mask(rows, random));
    }

    /// Values of a normal distribution.
    public static Matrix matrix(int rows, int columns, double deviation, SplittableRandom random) {
        double[] values = new double[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i] = deviation * random.nextGaussian();
        }
        return new Matrix(rows, columns, values);
    }

    private static Projection projection(int inputs, int outputs, double deviation, SplittableRandom random) {
        return new Projection(
                matrix(inputs, outputs, deviation, random),
                random.nextBoolean()
                        ? Optional.of(matrix(1, outputs, deviation, random).values())
                        : Optional.empty());
    }

    private static Optional<AttentionMask> mask(int rows, SplittableRandom random) {
        boolean causal = random.nextBoolean();
        if (random.nextBoolean()) {
            return causal ? Optional.of(AttentionMask.causal(rows)) : Optional.empty();
        }
        List<boolean[]> mask = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            boolean[] allowed = new boolean[rows];
            for (int other = 0; other < rows; other++) {
                allowed[other] = row == other || random.nextBoolean();
            }
            mask.add(allowed);
        }
        return Optional.of(AttentionMask.of(rows, mask, causal));
    }
}
