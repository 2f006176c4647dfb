package dev.telltale.ops;

import dev.telltale.database.Database;
import java.util.Optional;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Down while the store does not take writes.
final class StoreHealth implements HealthIndicator {

    private final Database database;

    StoreHealth(Database database) {
        this.database = database;
    }

    @Override
    public Health health() {
        Optional<String> failure = database.failure();
        return failure.isEmpty()
                ? Health.up().build()
                : Health.down().withDetail("reason", failure.get()).build();
    }
}
