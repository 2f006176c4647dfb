package dev.telltale.jobs;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/// Counts jobs by where they stand. A gauge over the store: it says how many are in each state now, and
/// survives a restart as they do.
final class JobMeters {

    JobMeters(MeterRegistry registry, JobTable table) {
        for (String state : JobState.LABELS) {
            Gauge.builder("telltale.jobs", table, jobs -> jobs.count(state))
                    .tag("state", state)
                    .description("Background jobs kept, by their state")
                    .baseUnit("jobs")
                    .register(registry);
        }
    }
}
