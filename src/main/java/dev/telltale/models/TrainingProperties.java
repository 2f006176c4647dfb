package dev.telltale.models;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Settings of trainings.
///
/// @param memory that one training may take by its estimate
@ConfigurationProperties(prefix = "telltale.training", ignoreUnknownFields = false)
record TrainingProperties(@DefaultValue("384MB") DataSize memory) {

    TrainingProperties {
        if (memory.toBytes() < 1) {
            throw new IllegalArgumentException("telltale.training.memory must be at least 1B, was " + memory);
        }
    }
}
