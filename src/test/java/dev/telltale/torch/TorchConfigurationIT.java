package dev.telltale.torch;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class TorchConfigurationIT {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(TorchConfiguration.class)
            .withBean(MeterRegistry.class, SimpleMeterRegistry::new);

    @Test
    void startsTheEngineAndCountsItsArrays() {
        runner.run(context -> {
            TorchEngine engine = context.getBean(TorchEngine.class);
            Gauge arrays = context.getBean(MeterRegistry.class)
                    .get("telltale.native.arrays")
                    .gauge();
            try (NativeScope scope = engine.newScope()) {
                assertThat(engine.ready()).isTrue();
                double before = arrays.value();
                scope.manager().zeros(new Shape(1));
                assertThat(arrays.value()).isEqualTo(before + 1);
            }
            assertThat(context.getBean(TorchExecutor.class).call(() -> "an answer"))
                    .isEqualTo("an answer");
        });
    }

    @Test
    void doesNotStartWithABadSetting() {
        runner.withPropertyValues("telltale.torch.threads=0")
                .run(context -> assertThat(context).hasFailed());
    }
}
