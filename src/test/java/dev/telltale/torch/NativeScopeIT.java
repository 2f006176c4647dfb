package dev.telltale.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class NativeScopeIT {

    @Test
    void javaAndTheEngineSeeTheSameNumbers() {
        try (NativeScope scope = SharedEngine.ENGINE.newScope()) {
            SharedTensor tensor = scope.zeros(2, 3);
            tensor.values().setAtIndex(ValueLayout.JAVA_FLOAT, 4, 7);
            assertThat(tensor.array().getFloat(1, 1)).isEqualTo(7);
        }
    }

    @Test
    void freesAllThatWasMadeBeforeSomethingCouldNotBe() {
        int before = SharedEngine.ENGINE.arrays();
        NativeScope scope = SharedEngine.ENGINE.newScope();
        SharedTensor tensor = scope.zeros(2, 3);
        assertThatThrownBy(() -> scope.zeros(1L << 50)).isInstanceOf(OutOfMemoryError.class);
        scope.close();
        assertThat(SharedEngine.ENGINE.arrays()).isEqualTo(before);
        assertThatThrownBy(() -> tensor.values().getAtIndex(ValueLayout.JAVA_FLOAT, 0))
                .isInstanceOf(IllegalStateException.class);
    }
}
