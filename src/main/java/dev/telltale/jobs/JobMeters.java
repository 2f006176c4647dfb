package dev.telltale.jobs;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/// Counts jobs by where they stand. A gauge over the store: it says how many are in each state now, and
/// survives a restart as they do.
final class JobMeters {

    private static final List<String> STATES = List.of("queued", "running", "succeeded", "failed", "cancelled");

    JobMeters(MeterRegistry registry, JobTable table) {
        for (String state : STATES) {
            Gauge.builder("telltale.jobs", table, jobs -> jobs.count(state))
                    .tag("state", state)
                    .description("Background jobs kept, by their state")
                    .baseUnit("jobs")
                    .register(registry);
        }
    }
}
