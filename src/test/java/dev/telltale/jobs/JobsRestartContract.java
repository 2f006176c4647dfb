package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of jobs when the process ends, in good order or not.
abstract class JobsRestartContract {

    @TempDir
    Path directory;

    /// A process on the database of this test, which earlier ones have left.
    abstract JobsFixture process(Path directory);

    @Test
    void aRunningJobThatShutdownStoppedRunsAgainBeforeThoseThatWaited() {
        Job running;
        Job waiting;
        try (JobsFixture first = process(directory).started()) {
            running = first.submit("running");
            first.runner.awaitRun();
            waiting = first.submit("waiting");
            first.runner.goOnUntilStopped();
        }
        try (JobsFixture second = process(directory)) {
            assertThat(second.jobs.find(running.id()).orElseThrow().state()).isEqualTo(new JobState.Queued());
            second.started();
            second.runner.succeed();
            second.runner.succeed();
            assertThat(second.ended(running).state()).isInstanceOf(JobState.Succeeded.class);
            assertThat(second.ended(waiting).state()).isInstanceOf(JobState.Succeeded.class);
            assertThat(second.runner.subjects).containsExactly("running", "waiting");
        }
    }

    @Test
    void theRunnerIsToldOfAnEndThatIsOnDiskAndNotOfARunThatIsRepeated() {
        Job job;
        try (JobsFixture first = process(directory).started()) {
            job = first.submit("files");
            first.runner.awaitRun();
            first.runner.goOnUntilStopped();
            first.jobs.close();
            assertThat(first.runner.ended()).isEmpty();
        }
        try (JobsFixture second = process(directory).started()) {
            second.runner.let(run -> {
                throw new IllegalStateException("it fails");
            });
            assertThat(second.runner.awaitEnd()).isEqualTo("files");
            assertThat(second.jobs.find(job.id()).orElseThrow().state()).isInstanceOf(JobState.Failed.class);
        }
    }

    @Test
    void aShutdownPutsTheJobsOfAllLanesBack() {
        Job training;
        Job upload;
        try (JobsFixture first = process(directory).started()) {
            training = first.submit("disk");
            upload = first.jobs.submit("upload", "file", "{}");
            first.runner.awaitRun();
            first.other.awaitRun();
            first.runner.goOnUntilStopped();
            first.other.goOnUntilStopped();
        }
        try (JobsFixture second = process(directory).started()) {
            second.runner.succeed();
            second.other.succeed();
            assertThat(second.ended(training).state()).isInstanceOf(JobState.Succeeded.class);
            assertThat(second.ended(upload).state()).isInstanceOf(JobState.Succeeded.class);
        }
    }

    @Test
    void aJobFoundRunningAfterAKillRunsAgain() {
        Job job = killedWhileRunning(false);

        try (JobsFixture second = process(directory).started()) {
            second.runner.succeed();
            assertThat(second.ended(job).state()).isInstanceOf(JobState.Succeeded.class);
        }
    }

    @Test
    void aCancellationThatWasAcceptedBeforeAKillCountsAfterIt() {
        Job job = killedWhileRunning(true);

        try (JobsFixture second = process(directory).started()) {
            assertThat(second.ended(job).state()).isEqualTo(new JobState.Cancelled());
            assertThat(second.runner.subjects).isEmpty();
        }
    }

    @Test
    void aJobAcceptedWhileTheServiceStopsRunsAfterTheNextStart() {
        Job job;
        JobsFixture first = process(directory).started();
        first.jobs.close();
        job = first.submit("late");
        assertThat(first.ended(job).state()).isEqualTo(new JobState.Queued());
        first.abandon();

        try (JobsFixture second = process(directory).started()) {
            second.runner.succeed();
            assertThat(second.ended(job).state()).isInstanceOf(JobState.Succeeded.class);
        }
    }

    /// A job as a killed process leaves it: running, its turn picked by a scheduler that is no more.
    private Job killedWhileRunning(boolean cancelled) {
        JobsFixture first = process(directory);
        Job job = first.submit("disk");
        first.pickAllTurns();
        first.table.claim(job.id(), "killed");
        if (cancelled) {
            first.jobs.cancel(job.id());
        }
        first.abandon();
        return job;
    }
}
