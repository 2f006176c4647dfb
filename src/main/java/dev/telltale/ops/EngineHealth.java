package dev.telltale.ops;

import dev.telltale.torch.TorchEngine;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Out of service until the engine is loaded, which takes a few seconds after the start.
final class EngineHealth implements HealthIndicator {

    private final TorchEngine engine;

    EngineHealth(TorchEngine engine) {
        this.engine = engine;
    }

    @Override
    public Health health() {
        return engine.ready()
                ? Health.up().build()
                : Health.outOfService()
                        .withDetail("reason", "the engine is not loaded; the log says why if it stays so")
                        .build();
    }
}
