package dev.telltale.alerts;

import java.time.Duration;

/// Where alerts go, and how.
public sealed interface Receiver {

    ReceiverUrl url();

    /// Time between two tellings of an incident that lasts.
    Duration repeat();

    /// Whether it is told again of what did not change, lest it takes the incident for over.
    boolean forgets();

    /// A Prometheus Alertmanager, by its API v2. An alert that is not sent again is over for it.
    ///
    /// @param url of its root; `/api/v2/alerts` is added
    /// @param repeat 10 seconds to 1 hour
    record Alertmanager(ReceiverUrl url, Duration repeat) implements Receiver {

        public static final Duration DEFAULT_REPEAT = Duration.ofMinutes(1);

        private static final Duration SHORTEST = Duration.ofSeconds(10);
        private static final Duration LONGEST = Duration.ofHours(1);

        public Alertmanager {
            check(repeat, SHORTEST, LONGEST);
            if (url.uri().getRawQuery() != null) {
                throw AlertsProblem.BAD_RECEIVER.because(
                        "the url of an Alertmanager is that of its root, without a query");
            }
        }

        @Override
        public boolean forgets() {
            return true;
        }
    }

    /// An address that takes signed CloudEvents.
    ///
    /// @param repeat 1 minute to 7 days; within it one event tells all changes
    record Webhook(ReceiverUrl url, Secret secret, Duration repeat) implements Receiver {

        public static final Duration DEFAULT_REPEAT = Duration.ofHours(4);

        private static final Duration SHORTEST = Duration.ofMinutes(1);
        private static final Duration LONGEST = Duration.ofDays(7);

        public Webhook {
            check(repeat, SHORTEST, LONGEST);
        }

        @Override
        public boolean forgets() {
            return false;
        }
    }

    private static void check(Duration repeat, Duration shortest, Duration longest) {
        if (repeat.compareTo(shortest) < 0 || repeat.compareTo(longest) > 0) {
            throw AlertsProblem.BAD_RECEIVER.because("repeat must be %s to %s, was %s", shortest, longest, repeat);
        }
    }
}
