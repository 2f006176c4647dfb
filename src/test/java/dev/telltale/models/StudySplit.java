package dev.telltale.models;

import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// How the study divides its 4,730 rows: by scikit-learn's `train_test_split` with `random_state=42`, a fifth to
/// test, then a tenth of the rest to validate. The study does not say so; its accuracies do.
final class StudySplit {

    static final int TRAIN = 3_405;
    static final int VALIDATION = 379;
    static final int TEST = 946;

    private static final int SEED = 42;
    private static final int STATE = 624;

    private StudySplit() {}

    /// Numbers of the rows: those that train, those that validate, those that test.
    static int[] rows() {
        int[] all = permutation(TRAIN + VALIDATION + TEST);
        int[] rest = permutation(TRAIN + VALIDATION);
        return IntStream.concat(
                        IntStream.range(VALIDATION, rest.length).map(i -> all[TEST + rest[i]]),
                        IntStream.concat(
                                IntStream.range(0, VALIDATION).map(i -> all[TEST + rest[i]]),
                                IntStream.range(0, TEST).map(i -> all[i])))
                .toArray();
    }

    /// As `numpy.random.RandomState(42).permutation(count)`.
    private static int[] permutation(int count) {
        IntUnaryOperator upTo = mersenneTwister();
        int[] order = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            int other = upTo.applyAsInt(i);
            int row = order[i];
            order[i] = order[other];
            order[other] = row;
        }
        return order;
    }

    /// Numbers from 0 to the one asked for, by the
    /// <a href="https://doi.org/10.1145/272991.272995">Mersenne twister</a>. Each takes the low bits that
    /// it needs of the next number, and again while that is too large.
    private static IntUnaryOperator mersenneTwister() {
        int[] state = new int[STATE];
        state[0] = SEED;
        for (int i = 1; i < STATE; i++) {
            state[i] = 1812433253 * (state[i - 1] ^ (state[i - 1] >>> 30)) + i;
        }
        int[] next = {0};
        return most -> {
            int mask = -1 >>> Integer.numberOfLeadingZeros(most);
            int value;
            do {
                int i = next[0];
                next[0] = (i + 1) % STATE;
                int joined = (state[i] & 0x80000000) | (state[next[0]] & 0x7fffffff);
                state[i] = state[(i + 397) % STATE] ^ (joined >>> 1) ^ ((joined & 1) * 0x9908b0df);
                value = state[i];
                value ^= value >>> 11;
                value ^= (value << 7) & 0x9d2c5680;
                value ^= (value << 15) & 0xefc60000;
                value ^= value >>> 18;
                value &= mask;
            } while (value > most);
            return value;
        };
    }
}
