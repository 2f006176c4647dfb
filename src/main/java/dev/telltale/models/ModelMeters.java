package dev.telltale.models;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/// What this room counts.
final class ModelMeters {

    private final MeterRegistry registry;
    private final Timer training;
    private final Counter epochs;
    private final Counter scored;
    private final Counter anomalous;

    ModelMeters(MeterRegistry registry) {
        this.registry = registry;
        training = Timer.builder("telltale.training.duration")
                .description("Time that trainings took which gave a model")
                .register(registry);
        epochs = Counter.builder("telltale.training.epochs")
                .description("Epochs of trainings that gave a model")
                .baseUnit("epochs")
                .register(registry);
        scored = Counter.builder("telltale.scored.rows")
                .description("Rows that a model gave a score")
                .baseUnit("rows")
                .register(registry);
        anomalous = Counter.builder("telltale.anomalous.rows")
                .description("Rows that scored above 1")
                .baseUnit("rows")
                .register(registry);
    }

    void trained(Duration taken, int epochsRun) {
        training.record(taken);
        epochs.increment(epochsRun);
    }

    void scored(long rows, long anomalousRows) {
        scored.increment((double) rows);
        anomalous.increment((double) anomalousRows);
    }

    void watchLoaded(Supplier<Number> count) {
        Gauge.builder("telltale.models.loaded", count)
                .description("Models held in memory")
                .register(registry);
    }

    void watchDamaged(Supplier<Number> count) {
        Gauge.builder("telltale.models.corrupt", count)
                .description("Versions of models whose files were found damaged when they were read last")
                .register(registry);
    }
}
