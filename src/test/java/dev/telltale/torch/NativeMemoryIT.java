package dev.telltale.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;

class NativeMemoryIT {

    private static final long FLOATS = 64 << 20;
    private static final long BYTES = FLOATS * Float.BYTES;
    /// The rest of the process goes on meanwhile.
    private static final long OTHERS = BYTES / 4;

    @Test
    void growsByAnArrayOfTheEngineAndShrinksWhenItIsClosed() {
        assumeTrue(NativeMemory.inUse().isPresent(), "the C library does not count what it hands out");
        try (NativeScope scope = SharedEngine.ENGINE.newScope()) {
            long before = NativeMemory.inUse().getAsLong();
            try (NDArray array = scope.manager().zeros(new Shape(FLOATS))) {
                assertThat(array.size()).isEqualTo(FLOATS);
                assertThat(NativeMemory.inUse().getAsLong() - before).isBetween(BYTES - OTHERS, BYTES + OTHERS);
            }
            assertThat(NativeMemory.inUse().getAsLong() - before).isBetween(-OTHERS, OTHERS);

            SharedTensor shared = scope.zeros(FLOATS);
            assertThat(shared.values().byteSize()).isEqualTo(BYTES);
            assertThat(NativeMemory.inUse().getAsLong() - before).isBetween(BYTES - OTHERS, BYTES + OTHERS);
        }
    }
}
