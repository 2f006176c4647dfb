package dev.telltale.series;

import dev.telltale.jobs.PeriodicWork;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Forgets samples that are too much older than the newest of their series. Annotations stay: they are few,
/// made by hand, and say of models what these were trained on.
final class Retention implements PeriodicWork {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final Duration INTERVAL = Duration.ofHours(1);

    private final SeriesStore store;
    private final Duration age;
    private final SeriesMeters meters;

    /// @param age how much older; zero keeps everything
    Retention(SeriesStore store, Duration age, SeriesMeters meters) {
        this.store = store;
        this.age = age;
        this.meters = meters;
    }

    @Override
    public String name() {
        return "retention";
    }

    @Override
    public Duration interval() {
        return INTERVAL;
    }

    /// Each process has the samples of its own partitions expire.
    @Override
    public Where where() {
        return Where.EACH_REPLICA;
    }

    @Override
    public void run() {
        if (age.isZero()) {
            return;
        }
        long removed = store.expire(age);
        meters.expired(removed);
        if (removed > 0) {
            LOG.info(
                    "{} samples were removed that were more than {} older than the newest of their series"
                            + " (telltale.retention)",
                    removed,
                    age);
        }
    }
}
