package dev.telltale.database;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/// Whether the store takes writes, and how much room it has.
final class DatabaseMeters {

    private DatabaseMeters() {}

    static void register(MeterRegistry registry, SqliteDatabase database, FreeSpace space) {
        Gauge.builder(
                        "telltale.storage.writable",
                        database,
                        store -> store.state().isWritable() ? 1 : 0)
                .description("Whether the store takes new data: 1, or 0 while the disk is too full or fails")
                .register(registry);
        Gauge.builder("telltale.storage.free", space, FreeSpace::free)
                .description("Room on the disk of the data directory")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("telltale.storage.reserve", space, FreeSpace::needed)
                .description("With less room than this nothing new is stored")
                .baseUnit("bytes")
                .register(registry);
        failures(registry, database, "full", GroupCommit.Failures::full);
        failures(registry, database, "disk", GroupCommit.Failures::disk);
    }

    private static void failures(
            MeterRegistry registry,
            SqliteDatabase database,
            String cause,
            ToDoubleFunction<GroupCommit.Failures> count) {
        FunctionCounter.builder("telltale.storage.failures", database, store -> count.applyAsDouble(store.failures()))
                .description("Commits and checkpoints that failed, by cause: the disk was full, or it failed")
                .baseUnit("failures")
                .tag("cause", cause)
                .register(registry);
    }
}
