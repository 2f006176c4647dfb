package dev.telltale.live;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long findings are kept.
///
/// @param retention anomalies and incidents that are over for longer go; 0 keeps all
/// @param limit most anomalies, and most incidents, that are kept: beyond it the oldest that are over go
@ConfigurationProperties(prefix = "telltale.incidents", ignoreUnknownFields = false)
record IncidentsProperties(
        @DefaultValue("90d") Duration retention,
        @DefaultValue("100000") int limit) {

    IncidentsProperties {
        if (retention.isNegative()) {
            throw new IllegalArgumentException(
                    "telltale.incidents.retention must be positive, or 0 to keep all, was " + retention);
        }
        if (limit < 1) {
            throw new IllegalArgumentException("telltale.incidents.limit must be at least 1, was " + limit);
        }
    }
}
