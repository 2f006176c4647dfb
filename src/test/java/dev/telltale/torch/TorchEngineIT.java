package dev.telltale.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.pytorch.jni.JniUtils;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class TorchEngineIT {

    private static final Executor NEW_THREAD = work -> Thread.ofPlatform().start(work);

    @Test
    void preparesAThreadToComputeAloneAndWithoutGradients() {
        CompletableFuture.runAsync(
                        () -> {
                            SharedEngine.ENGINE.prepareThread();
                            assertThat(JniUtils.isGradMode()).isFalse();
                            assertThat(JniUtils.getNumThreads()).isEqualTo(1);
                        },
                        NEW_THREAD)
                .join();
    }
}
