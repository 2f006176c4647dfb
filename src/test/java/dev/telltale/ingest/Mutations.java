package dev.telltale.ingest;

import java.util.Arrays;
import java.util.Random;

/// Bytes that were right once.
public final class Mutations {

    private Mutations() {}

    /// The bytes with one to four changes: a bit turned, a byte replaced, a piece cut out or doubled, the end lost.
    public static byte[] of(byte[] bytes, Random random) {
        byte[] mutated = bytes.clone();
        for (int changes = 1 + random.nextInt(4); changes > 0 && mutated.length > 1; changes--) {
            int at = random.nextInt(mutated.length);
            int to = Math.min(mutated.length, at + 1 + random.nextInt(16));
            switch (random.nextInt(5)) {
                case 0 -> mutated[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> mutated[at] = (byte) random.nextInt(256);
                case 2 -> mutated = joined(mutated, at, to);
                case 3 -> mutated = joined(mutated, to, at);
                default -> mutated = random.nextInt(8) == 0 ? Arrays.copyOf(mutated, at + 1) : mutated;
            }
        }
        return mutated;
    }

    /// The bytes before one place and those from another on.
    private static byte[] joined(byte[] bytes, int before, int from) {
        byte[] joined = Arrays.copyOf(bytes, before + bytes.length - from);
        System.arraycopy(bytes, from, joined, before, bytes.length - from);
        return joined;
    }
}
