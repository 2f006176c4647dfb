package dev.telltale.http;

import java.net.InetAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How callers are treated who are slow, and those who are there when the service ends.
///
/// @param patience how long the head of a request may take, and 64 KiB of an answer to be taken; after it a body must
///     have come with 1 KiB/s
/// @param drainDelay how long requests are still taken after readiness has begun to answer 503, so that those who
///     watch it go elsewhere; by default 5 s, and none where only this machine is listened to
@ConfigurationProperties(prefix = "telltale.connections", ignoreUnknownFields = false)
record ConnectionsProperties(
        @DefaultValue("15s") Duration patience, @Nullable Duration drainDelay) {

    private static final Duration DRAIN_DELAY = Duration.ofSeconds(5);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(15); // of 20 s that a phase of the end has

    ConnectionsProperties {
        if (patience.toMillis() < 100 || patience.toMinutes() > 60) {
            throw new IllegalArgumentException(
                    "telltale.connections.patience must be from 100ms to 60m, was " + patience);
        }
        if (drainDelay != null && (drainDelay.isNegative() || drainDelay.compareTo(LONGEST_DELAY) > 0)) {
            throw new IllegalArgumentException(
                    "telltale.connections.drain-delay must be from 0 to 15s, was " + drainDelay);
        }
    }

    Duration drainDelayOn(@Nullable InetAddress address) {
        if (drainDelay != null) {
            return drainDelay;
        }
        return address != null && address.isLoopbackAddress() ? Duration.ZERO : DRAIN_DELAY;
    }
}
