package dev.telltale.ops;

import dev.telltale.database.Database;
import dev.telltale.database.StoreState;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Down while the disk fails. A store that is full is up: whoever sends no requests to it any more would get no scores
/// from models that work.
final class StoreHealth implements HealthIndicator {

    private final Database database;

    StoreHealth(Database database) {
        this.database = database;
    }

    @Override
    public Health health() {
        return switch (database.state()) {
            case StoreState.Writable() -> Health.up().build();
            case StoreState.Full(String reason) -> notWritable(Health.up(), reason);
            case StoreState.Failed(String reason) -> notWritable(Health.down(), reason);
        };
    }

    private static Health notWritable(Health.Builder health, String reason) {
        return health.withDetail("writable", false).withDetail("reason", reason).build();
    }
}
