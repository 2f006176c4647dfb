package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.database.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeriodicWorkTest {

    @TempDir
    private Path directory;

    @Test
    void isDoneAtEachStartAndThenAgainAlthoughItFails() throws Exception {
        for (PeriodicWork.Where where : PeriodicWork.Where.values()) {
            Failing work = new Failing(Duration.ofMillis(10), where);
            try (JobsFixture process = JobsFixture.alone(directory, work)) {
                process.started();
                assertThat(work.turns.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
            }
            Failing rare = new Failing(Duration.ofHours(1), where);
            try (JobsFixture process = JobsFixture.alone(directory, rare)) {
                process.started();
                assertThat(rare.turns.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(rare.turns.availablePermits()).isZero();
        }
    }

    @Test
    void isDoneByOneOfManyProcessesOrByEach() throws Exception {
        Postgres postgres = Postgres.fresh();
        Failing once = new Failing(Duration.ofHours(1), PeriodicWork.Where.ONCE);
        Failing each = new Failing(Duration.ofHours(1), PeriodicWork.Where.EACH_REPLICA);
        try (JobsFixture first = JobsFixture.sharing(postgres, directory.resolve("first"), once, each)) {
            first.started();
            assertThat(once.turns.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            try (JobsFixture second = JobsFixture.sharing(postgres, directory.resolve("second"), once, each)) {
                second.started();
                assertThat(each.turns.tryAcquire(2, 30, TimeUnit.SECONDS)).isTrue();
            }
        }
        assertThat(once.turns.availablePermits()).isZero();
        assertThat(each.turns.availablePermits()).isZero();
    }

    @Test
    void isTakenOverFromAProcessThatIsNotHeardOfAnyMore() throws Exception {
        Postgres postgres = Postgres.fresh();
        Failing rare = new Failing(Duration.ofHours(1), PeriodicWork.Where.ONCE);
        try (JobsFixture first = JobsFixture.sharing(postgres, directory, rare)) {
            first.started();
            assertThat(rare.turns.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        }
        try (JobsFixture second = JobsFixture.sharing(postgres, directory, rare)) {
            second.pickAllTurns();
            second.started();
            assertThat(rare.turns.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /// Counts its turns and fails in each.
    private static final class Failing implements PeriodicWork {

        private final Semaphore turns = new Semaphore(0);
        private final Duration interval;
        private final Where where;

        Failing(Duration interval, Where where) {
            this.interval = interval;
            this.where = where;
        }

        @Override
        public String name() {
            return "failing-" + where;
        }

        @Override
        public Duration interval() {
            return interval;
        }

        @Override
        public Where where() {
            return where;
        }

        @Override
        public void run() {
            turns.release();
            throw new IllegalStateException("it fails, as a test wants it");
        }
    }
}
