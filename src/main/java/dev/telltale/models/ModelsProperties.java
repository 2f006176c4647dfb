package dev.telltale.models;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Settings of models in use.
///
/// @param memory for models held ready to score
@ConfigurationProperties(prefix = "telltale.models", ignoreUnknownFields = false)
record ModelsProperties(@DefaultValue("128MB") DataSize memory) {

    ModelsProperties {
        if (memory.toBytes() < 1) {
            throw new IllegalArgumentException("telltale.models.memory must be at least 1B, was " + memory);
        }
    }
}
