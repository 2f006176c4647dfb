package dev.telltale.attention.torch;

import dev.telltale.attention.AttentionInput;
import dev.telltale.attention.AttentionResult;
import dev.telltale.attention.OutputActivation;
import dev.telltale.attention.Projection;
import dev.telltale.attention.RandomInputs;
import dev.telltale.torch.SharedEngine;
import dev.telltale.torch.TorchExecutor;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;

/// Time of one transform of 512 rows of 64 columns in 8 heads with all steps kept, one thread, through the interface
/// that the service uses. `bench/attention` runs it beside the same work in PyTorch.
final class AttentionBenchmark {

    private static final int ROWS = 512;
    private static final int SIZE = 64;
    private static final int CALLS = 100;

    private AttentionBenchmark() {}

    public static void main(String[] arguments) {
        SplittableRandom random = new SplittableRandom(42);
        for (int heads : new int[] {8, 1}) {
            AttentionInput input = new AttentionInput(
                    RandomInputs.matrix(ROWS, SIZE, 1, random),
                    projection(random),
                    projection(random),
                    projection(random),
                    Optional.of(projection(random)),
                    OutputActivation.RELU,
                    heads,
                    Optional.empty());
            try (TorchExecutor executor = new TorchExecutor(1, 1)) {
                System.out.printf(
                        Locale.ROOT,
                        "heads-%d-ms %.3f%n",
                        heads,
                        milliseconds(new TorchSelfAttention(SharedEngine.ENGINE, executor), input));
            }
        }
    }

    private static Projection projection(SplittableRandom random) {
        return new Projection(
                RandomInputs.matrix(SIZE, SIZE, 0.125, random),
                Optional.of(RandomInputs.matrix(1, SIZE, 0.125, random).values()));
    }

    /// The median of many calls, after as many that warm up.
    private static double milliseconds(TorchSelfAttention attention, AttentionInput input) {
        double[] times = new double[CALLS];
        for (int call = -CALLS; call < CALLS; call++) {
            long start = System.nanoTime();
            try (AttentionResult result = attention.transform(input)) {
                if (result.of("z").size() != ROWS * SIZE) {
                    throw new AssertionError();
                }
            }
            if (call >= 0) {
                times[call] = (System.nanoTime() - start) / 1e6;
            }
        }
        Arrays.sort(times);
        return times[CALLS / 2];
    }
}
