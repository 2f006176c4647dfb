package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeriodicWorkTest {

    @TempDir
    private Path directory;

    @Test
    void isDoneAtEachStartAndThenAgainAlthoughItFails() throws Exception {
        try (DataDirectory held = DataDirectory.open(directory);
                SqliteDatabase database = SqliteDatabase.open(held)) {
            Failing work = new Failing(Duration.ofMillis(10));
            try (ScheduledJobs jobs = jobs(database, work)) {
                jobs.start(List.of());
                assertThat(work.turns.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
            }
            Failing rare = new Failing(Duration.ofHours(1));
            try (ScheduledJobs jobs = jobs(database, rare)) {
                jobs.start(List.of());
                assertThat(rare.turns.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(rare.turns.availablePermits()).isZero();
        }
    }

    private static ScheduledJobs jobs(SqliteDatabase database, PeriodicWork work) {
        InstantSource clock = InstantSource.system();
        return new ScheduledJobs(
                database.writer(), new JobTable(database, clock), clock, 1, Duration.ofMinutes(1), List.of(work));
    }

    /// Counts its turns and fails in each.
    private static final class Failing implements PeriodicWork {

        private final Semaphore turns = new Semaphore(0);
        private final Duration interval;

        Failing(Duration interval) {
            this.interval = interval;
        }

        @Override
        public String name() {
            return "failing";
        }

        @Override
        public Duration interval() {
            return interval;
        }

        @Override
        public void run() {
            turns.release();
            throw new IllegalStateException("it fails, as a test wants it");
        }
    }
}
