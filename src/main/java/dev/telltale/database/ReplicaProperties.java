package dev.telltale.database;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What this process is called among those that share a PostgreSQL database.
///
/// @param name what logs and tables call it, with a random part behind: letters, digits, dots, dashes and underscores;
///     the name of the host if it is empty
@ConfigurationProperties(prefix = "telltale.replica", ignoreUnknownFields = false)
record ReplicaProperties(@DefaultValue("") String name) {

    ReplicaProperties {
        if (!name.isEmpty() && !name.matches(ReplicaName.ALLOWED)) {
            throw new IllegalArgumentException(
                    "telltale.replica.name must have 1 to 63 letters, digits, dots, dashes and underscores");
        }
    }

    String nameOrHost() {
        return name.isEmpty() ? ReplicaName.ofHost() : name;
    }
}
