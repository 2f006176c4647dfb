package dev.telltale.jobs;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How much background work is taken on.
///
/// @param queueCapacity most jobs that wait at once in a lane, 1 to 10,000
/// @param timeLimit after which a job is told to end and counts as failed, positive
@ConfigurationProperties(prefix = "telltale.jobs", ignoreUnknownFields = false)
record JobsProperties(
        @DefaultValue("16") int queueCapacity,
        @DefaultValue("30m") Duration timeLimit) {

    JobsProperties {
        if (queueCapacity < 1 || queueCapacity > 10_000) {
            throw new IllegalArgumentException("telltale.jobs.queue-capacity must be 1 to 10000, was " + queueCapacity);
        }
        if (!timeLimit.isPositive()) {
            throw new IllegalArgumentException("telltale.jobs.time-limit must be positive, was " + timeLimit);
        }
    }
}
