package dev.telltale.series;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How long samples are kept. Other records share the prefix, so their settings are not unknown here.
///
/// @param retention samples this much older than the newest of their series go; 0 keeps all
@ConfigurationProperties(prefix = "telltale")
record RetentionProperties(@DefaultValue("90d") Duration retention) {

    RetentionProperties {
        if (retention.isNegative()) {
            throw new IllegalArgumentException(
                    "telltale.retention must be positive, or 0 to keep all, was " + retention);
        }
    }
}
