package dev.telltale.models;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Settings of models.
///
/// @param memory for models held ready to score
/// @param limit models there may be, 1 to 1,000,000
/// @param versionLimit versions that one model may have, 1 to 1,000,000
@ConfigurationProperties(prefix = "telltale.models", ignoreUnknownFields = false)
record ModelsProperties(
        @DefaultValue("128MB") DataSize memory,
        @DefaultValue("10000") int limit,
        @DefaultValue("1000") int versionLimit) {

    private static final int MOST = 1_000_000;

    ModelsProperties {
        if (memory.toBytes() < 1) {
            throw new IllegalArgumentException("telltale.models.memory must be at least 1B, was " + memory);
        }
        check("limit", limit);
        check("version-limit", versionLimit);
    }

    private static void check(String name, int value) {
        if (value < 1 || value > MOST) {
            throw new IllegalArgumentException("telltale.models." + name + " must be from 1 to 1000000, was " + value);
        }
    }
}
