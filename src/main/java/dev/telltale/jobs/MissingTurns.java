package dev.telltale.jobs;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives turns to jobs that have none. A job and its turn come and go together, so there should be no such job; but
/// where processes come and go and nothing is rebuilt at a start, one would wait for ever.
///
/// @param lanes in which such jobs are looked for
record MissingTurns(JobTable table, List<Lane> lanes) implements PeriodicWork {

    private static final Logger LOG = LoggerFactory.getLogger(MissingTurns.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "job-turns";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    @Override
    public void run() {
        int added = table.addMissingTurns(lanes);
        if (added > 0) {
            LOG.warn("{} jobs had no turn and were given one", added);
        }
    }
}
