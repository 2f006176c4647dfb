package dev.telltale.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How much each caller may ask for: a caller is a key, or an address where no key is sent.
///
/// @param requests of a caller, per second in the long run; 0 limits none
/// @param burst requests of a caller at once, after a time without any; at least `requests`
/// @param failures requests with wrong credentials from an address, per second in the long run; 0 limits none
/// @param failureBurst the same at once, after a time without any; at least `failures`
/// @param callers of whom it is remembered what they asked for; the longest silent are forgotten
@ConfigurationProperties(prefix = "telltale.access.rate", ignoreUnknownFields = false)
record RateProperties(
        @DefaultValue("2000") int requests,
        @DefaultValue("20000") int burst,
        @DefaultValue("10") int failures,
        @DefaultValue("100") int failureBurst,
        @DefaultValue("10000") int callers) {

    private static final int MOST = 1_000_000;

    RateProperties {
        check("requests", requests, "burst", burst);
        check("failures", failures, "failure-burst", failureBurst);
        if (callers < 1 || callers > MOST) {
            throw new IllegalArgumentException("telltale.access.rate.callers must be 1 to " + MOST);
        }
    }

    private static void check(String name, int perSecond, String burstName, int burst) {
        if (perSecond < 0 || perSecond > MOST) {
            throw new IllegalArgumentException("telltale.access.rate." + name + " must be 0 to " + MOST);
        }
        if (burst < Math.max(1, perSecond) || burst > MOST) {
            throw new IllegalArgumentException("telltale.access.rate." + burstName + " must be at least 1, at least "
                    + name + ", and at most " + MOST);
        }
    }

    /// Of all requests.
    Rate ofRequests() {
        return new Rate(requests, burst);
    }

    /// Of those with wrong credentials.
    Rate ofFailures() {
        return new Rate(failures, failureBurst);
    }
}
