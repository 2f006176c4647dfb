package dev.telltale.torch;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// What this room counts.
final class TorchMeters {

    TorchMeters(MeterRegistry registry, TorchEngine engine, TorchExecutor executor) {
        Gauge.builder("telltale.native.arrays", engine, TorchEngine::arrays)
                .description("Arrays held in native memory")
                .baseUnit("arrays")
                .register(registry);
        Gauge.builder("telltale.native.waiting", executor, TorchExecutor::waiting)
                .description("Calls that wait for one of the threads that compute")
                .baseUnit("calls")
                .register(registry);
    }
}
