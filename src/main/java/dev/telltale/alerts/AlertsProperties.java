package dev.telltale.alerts;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Limits of alerts, and where they may go.
///
/// @param allowedNetworks private or special networks that receivers may be in, such as `127.0.0.0/8,10.1.0.0/16`
/// @param receiverLimit most receivers
/// @param silenceLimit most silences that are not over
/// @param queueCapacity most messages that wait for one receiver; beyond them the oldest is dropped
/// @param timeout of one attempt to send, from the look-up of the name to the status of the answer
/// @param giveUpAfter age at which a message that could not be sent is dropped, at most 366 d
@ConfigurationProperties(prefix = "telltale.alerts", ignoreUnknownFields = false)
record AlertsProperties(
        @DefaultValue List<String> allowedNetworks,
        @DefaultValue("100") int receiverLimit,
        @DefaultValue("1000") int silenceLimit,
        @DefaultValue("1000") int queueCapacity,
        @DefaultValue("5s") Duration timeout,
        @DefaultValue("24h") Duration giveUpAfter) {

    private static final int MOST = 100_000;
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration LONGEST_AGE = Duration.ofDays(366);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(100);

    AlertsProperties {
        allowedNetworks = List.copyOf(allowedNetworks);
        for (String network : allowedNetworks) {
            try {
                Network.parse(network);
            } catch (IllegalArgumentException notANetwork) {
                throw new IllegalArgumentException(
                        "telltale.alerts.allowed-networks lists networks such as 10.0.0.0/8, was '" + network + "'",
                        notANetwork);
            }
        }
        check("receiver-limit", receiverLimit);
        check("silence-limit", silenceLimit);
        check("queue-capacity", queueCapacity);
        if (timeout.compareTo(SHORTEST_TIMEOUT) < 0 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("telltale.alerts.timeout must be 100ms to 1m, was " + timeout);
        }
        if (!giveUpAfter.isPositive() || giveUpAfter.compareTo(LONGEST_AGE) > 0) {
            throw new IllegalArgumentException(
                    "telltale.alerts.give-up-after must be above 0 and at most 366d, was " + giveUpAfter);
        }
    }

    NetworkRule rule() {
        return new NetworkRule(allowedNetworks.stream().map(Network::parse).toList());
    }

    private static void check(String name, int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException(
                    "telltale.alerts." + name + " must be from 1 to " + MOST + ", was " + limit);
        }
    }
}
