package dev.telltale.attention;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Limits of what may attend to itself.
///
/// @param maxRows rows of one transform
/// @param memory outside the heap, of all transforms whose answers are being made or sent, up to 4GB
@ConfigurationProperties(prefix = "telltale.attention", ignoreUnknownFields = false)
record AttentionProperties(
        @DefaultValue("4096") int maxRows,
        @DefaultValue("512MB") DataSize memory) {

    AttentionProperties {
        if (maxRows < 1 || maxRows > 10_000) {
            throw new IllegalArgumentException("telltale.attention.max-rows must be from 1 to 10000, was " + maxRows);
        }
        if (memory.toBytes() < 1024
                || memory.toBytes() > DataSize.ofGigabytes(4).toBytes()) {
            throw new IllegalArgumentException("telltale.attention.memory must be from 1KB to 4GB, was " + memory);
        }
    }
}
