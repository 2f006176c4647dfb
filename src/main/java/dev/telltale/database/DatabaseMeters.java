package dev.telltale.database;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.ToDoubleFunction;

/// Whether the store takes writes, and how much room it has.
final class DatabaseMeters {

    private final MeterRegistry registry;

    private DatabaseMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    static void register(MeterRegistry registry, SqliteDatabase database, FreeSpace space) {
        DatabaseMeters meters = new DatabaseMeters(registry);
        meters.ofAny(database, space);
        meters.failures(database, "full", store -> store.failures().full());
        meters.failures(database, "disk", store -> store.failures().broken());
    }

    static void register(MeterRegistry registry, PostgresDatabase database, FreeSpace space) {
        DatabaseMeters meters = new DatabaseMeters(registry);
        meters.ofAny(database, space);
        meters.failures(database, "full", store -> store.failures().full());
        meters.failures(database, "server", store -> store.failures().broken());
        meters.connections(database, "active", PostgresDatabase.PoolState::active);
        meters.connections(database, "idle", PostgresDatabase.PoolState::idle);
        Gauge.builder(
                        "telltale.database.waiting",
                        database,
                        store -> store.connections().waiting())
                .description("Threads that wait for a connection to the database server")
                .baseUnit("threads")
                .register(registry);
    }

    static void register(MeterRegistry registry, ReplicaTable replicas) {
        Gauge.builder("telltale.replicas", replicas, ReplicaTable::count)
                .description("Processes that work on the database, this one included")
                .baseUnit("replicas")
                .register(registry);
    }

    private void ofAny(Database database, FreeSpace space) {
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
    }

    private <T extends Database> void failures(T database, String cause, ToDoubleFunction<T> count) {
        FunctionCounter.builder("telltale.storage.failures", database, count)
                .description(
                        "Commits and checkpoints that failed, by cause: the disk was full, or it or the server failed")
                .baseUnit("failures")
                .tag("cause", cause)
                .register(registry);
    }

    private void connections(
            PostgresDatabase database, String state, ToDoubleFunction<PostgresDatabase.PoolState> count) {
        Gauge.builder("telltale.database.connections", database, store -> count.applyAsDouble(store.connections()))
                .description("Connections to the database server, in use or idle")
                .baseUnit("connections")
                .tag("state", state)
                .register(registry);
    }
}
