package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemDocument;
import dev.telltale.problem.ProblemError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What background work promises, whatever the database.
abstract class JobsContract {

    @TempDir
    Path directory;

    private JobsFixture process;
    private SteeredRunner runner;

    /// A process on the database of this test.
    abstract JobsFixture process(Path directory);

    @BeforeEach
    void start() {
        process = process(directory).started();
        runner = process.runner;
    }

    @AfterEach
    void stop() {
        process.close();
    }

    @Test
    void aJobIsQueuedRunsAndKeepsItsResult() {
        Job submitted = process.jobs.submit("training", "disk", "{\"epochs\":5}");
        assertThat(submitted.state()).isEqualTo(new JobState.Queued());
        assertThat(submitted.started()).isEmpty();

        JobRun run = runner.awaitRun();
        assertThat(run.id()).isEqualTo(submitted.id());
        assertThat(run.payload()).isEqualTo("{\"epochs\":5}");
        assertThat(process.jobs.find(submitted.id()).orElseThrow().state()).isEqualTo(new JobState.Running());
        process.advance(Duration.ofSeconds(3));
        runner.succeed();

        Job job = process.ended(submitted);
        assertThat(job.state()).isEqualTo(new JobState.Succeeded("/api/v1/models/disk"));
        assertThat(job.finished()).contains(job.started().orElseThrow().plusSeconds(3));
    }

    @Test
    void jobsRunInTheOrderOfSubmissionAndNeverTwoAtOnce() {
        List<Job> submitted = new ArrayList<>();
        submitted.add(process.submit("first"));
        runner.awaitRun();
        for (String subject : List.of("second", "third", "fourth")) {
            submitted.add(process.submit(subject));
        }
        submitted.forEach(job -> runner.succeed());

        submitted.forEach(job -> assertThat(process.ended(job).state()).isInstanceOf(JobState.Succeeded.class));
        assertThat(runner.subjects).containsExactly("first", "second", "third", "fourth");
        assertThat(runner.runsAtOnce).containsOnly(1);
        assertThat(runner.threads).containsOnly(runner.threads.getFirst());
    }

    @Test
    void aJobIsQueuedOnlyIfItsCheckPassesWhichSeesWhatOthersHold() {
        process.submit("running");
        assertThatThrownBy(() -> process.jobs.submit("training", "refused", "{}", connection -> {
                    if (process.jobs.isTaken(connection, "training", "running")) {
                        throw JobsProblem.NAME_TAKEN.because("the test refuses it");
                    }
                    return true;
                }))
                .isInstanceOf(Problem.class)
                .hasMessage("the test refuses it");
        assertThat(process.jobs.isTaken("training", "refused")).isFalse();
        Job queued = process.jobs.submit(
                "training", "taken", "{}", connection -> !process.jobs.isTaken(connection, "training", "other"));
        assertThat(process.jobs.isTaken("training", "taken")).isTrue();
        runner.succeed();
        runner.succeed();
        assertThat(process.ended(queued).state()).isInstanceOf(JobState.Succeeded.class);
    }

    @Test
    void aJobOfAnotherLaneDoesNotWaitForAFullQueue() {
        process.submit("running");
        runner.awaitRun();
        List.of("a", "b", "c").forEach(process::submit);
        Job upload = process.jobs.submit("upload", "file", "{}");
        process.other.succeed();

        assertThat(process.ended(upload).state()).isInstanceOf(JobState.Succeeded.class);
        assertThat(runner.subjects).containsExactly("running");
        for (int i = 0; i < 4; i++) {
            runner.succeed();
        }
    }

    @Test
    void forgetsTheOldestOfTheJobsThatEnded() {
        Job running = process.submit("running");
        runner.awaitRun();
        process.addCancelled(JobTable.MOST_ENDED + 1);

        process.submit("another");

        assertThat(process.jobs.find(running.id())).isPresent();
        assertThat(process.jobs.find(running.id() + 1)).isEmpty();
        assertThat(process.jobs.find(running.id() + 2)).isPresent();
    }

    @Test
    void aJobWhoseRunnerMeetsAProblemFailsWithIt() {
        Job job = process.submit("disk");
        runner.let(run -> {
            throw JobsProblem.JOB_TOOK_TOO_LONG
                    .because("the training needs %d bytes", 7)
                    .with("neededBytes", 7)
                    .with(List.of(ProblemError.at("/training/epochs", "too many")));
        });

        assertThat(process.ended(job).state())
                .isEqualTo(new JobState.Failed(new ProblemDocument(
                        "/problems/job-took-too-long",
                        "The job took too long",
                        422,
                        "the training needs 7 bytes",
                        job.path(),
                        List.of(ProblemError.at("/training/epochs", "too many")),
                        Map.of("neededBytes", 7))));
    }

    @Test
    void aJobWhoseRunnerCrashesFailsWithoutTellingOfOurCode() {
        Job job = process.submit("disk");
        runner.let(run -> {
            throw new IllegalStateException("secret");
        });

        JobState.Failed failed = (JobState.Failed) process.ended(job).state();
        assertThat(failed.problem().status()).isEqualTo(500);
        assertThat(failed.problem().toMap().toString()).doesNotContain("secret", "IllegalState");
    }

    @Test
    void theNextJobRunsAfterOneThatFailed() {
        Job broken = process.submit("broken");
        Job next = process.submit("next");
        runner.let(run -> {
            throw new StackOverflowError();
        });
        runner.succeed();

        assertThat(process.ended(broken).state()).isInstanceOf(JobState.Failed.class);
        assertThat(process.ended(next).state()).isInstanceOf(JobState.Succeeded.class);
    }

    @Test
    void aQueuedJobIsCancelledAtOnceAndNeverRuns() {
        Job first = process.submit("first");
        runner.awaitRun();
        Job second = process.submit("second");
        Job third = process.submit("third");

        assertThat(process.jobs.cancel(second.id()).state()).isEqualTo(new JobState.Cancelled());
        runner.succeed();
        runner.succeed();
        process.ended(first);
        process.ended(third);
        assertThat(runner.subjects).containsExactly("first", "third");
    }

    @Test
    void aRunningJobIsCancelledBeforeItsNextBatch() {
        Job job = process.submit("disk");
        runner.awaitRun();
        assertThat(process.jobs.cancel(job.id()).state()).isEqualTo(new JobState.Running());
        runner.goOnUntilStopped();

        assertThat(process.ended(job).state()).isEqualTo(new JobState.Cancelled());
    }

    @Test
    void aResultThatWasThereBeforeTheCancellationWasSeenCounts() {
        Job job = process.submit("disk");
        runner.awaitRun();
        process.jobs.cancel(job.id());
        runner.succeed();

        assertThat(process.ended(job).state()).isInstanceOf(JobState.Succeeded.class);
    }

    @Test
    void aJobThatHasEndedCannotBeCancelled() {
        Job job = process.submit("disk");
        runner.succeed();
        process.ended(job);

        assertThatThrownBy(() -> process.jobs.cancel(job.id()))
                .hasMessage("job %d has succeeded already", job.id())
                .extracting(failure -> ((Problem) failure).type())
                .isEqualTo(JobsProblem.JOB_ENDED);
    }

    @Test
    void aJobThatIsNotThereCannotBeCancelledOrAwaited() {
        assertThatThrownBy(() -> process.jobs.cancel(99)).hasMessage("no job has the id 99");
        assertThatThrownBy(() -> process.jobs.await(99, Duration.ZERO)).hasMessage("no job has the id 99");
        assertThat(process.jobs.find(99)).isEmpty();
    }

    @Test
    void aNameIsTakenUntilItsJobEnds() {
        Job job = process.submit("disk");
        assertThat(process.jobs.isTaken("training", "disk")).isTrue();
        assertThat(process.jobs.isTaken("tuning", "disk")).isFalse();
        assertThatThrownBy(() -> process.submit("disk"))
                .hasMessageContaining("'disk' is held by job %d", job.id())
                .extracting(failure -> ((Problem) failure).type())
                .isEqualTo(JobsProblem.NAME_TAKEN);

        runner.awaitRun();
        process.jobs.cancel(job.id());
        runner.goOnUntilStopped();
        process.ended(job);
        assertThat(process.jobs.isTaken("training", "disk")).isFalse();
        assertThat(process.submit("disk").id()).isGreaterThan(job.id());
        runner.succeed();
    }

    @Test
    void aFullQueueTakesNoMoreAndSaysWhenToTryAgain() {
        process.submit("running");
        runner.awaitRun();
        List.of("a", "b").forEach(process::submit);
        process.jobs.refuseIfFull("training");
        process.submit("c");
        process.jobs.refuseIfFull("upload");

        assertThatThrownBy(() -> process.jobs.refuseIfFull("training"))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(JobsProblem.OVERLOADED));
        assertThatThrownBy(() -> process.submit("d"))
                .hasMessage("3 jobs wait already, which is as many as may; try again later")
                .satisfies(failure -> {
                    Problem problem = (Problem) failure;
                    assertThat(problem.type()).isEqualTo(JobsProblem.OVERLOADED);
                    assertThat(problem.retryAfter()).contains(Duration.ofSeconds(30));
                });
        for (int i = 0; i < 4; i++) {
            runner.succeed();
        }
    }

    @Test
    void progressIsStoredAtMostFourTimesASecondAndTheLastAlways() {
        Job job = process.submit("disk");
        JobRun run = runner.awaitRun();
        run.progress(epoch(1));
        run.progress(epoch(2));
        assertThat(storedProgress(job)).contains(epoch(1));
        process.advance(Duration.ofMillis(249));
        run.progress(epoch(3));
        assertThat(storedProgress(job)).contains(epoch(1));
        process.advance(Duration.ofMillis(1));
        run.progress(epoch(4));
        assertThat(storedProgress(job)).contains(epoch(4));
        run.progress(epoch(5));
        runner.succeed();

        assertThat(process.ended(job).progress()).contains(epoch(5));
    }

    @Test
    void aRunThatTakesTooLongFailsAndSaysSo() {
        Job job = process.submit("disk");
        JobRun run = runner.awaitRun();
        process.advance(JobsFixture.TIME_LIMIT);
        assertThat(run.cancelled()).isFalse();
        process.advance(Duration.ofMillis(1));
        runner.goOnUntilStopped();

        JobState.Failed failed = (JobState.Failed) process.ended(job).state();
        assertThat(failed.problem().type()).isEqualTo("/problems/job-took-too-long");
        assertThat(failed.problem().detail()).contains("PT30M", "telltale.jobs.time-limit");
    }

    @Test
    void waitingEndsWithTheJobAsItStandsWhenTheTimeIsOver() {
        Job job = process.submit("disk");
        runner.awaitRun();

        assertThat(process.jobs.await(job.id(), Duration.ofMillis(1)).state()).isEqualTo(new JobState.Running());
        runner.succeed();
    }

    @Test
    void aNameIsTakenForAllJobsOfItsLane() {
        process.submit("disk");
        runner.awaitRun();

        assertThatThrownBy(() -> process.jobs.submit("tuning", "disk", "{}"))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(JobsProblem.NAME_TAKEN));
        process.jobs.submit("upload", "disk", "{}");
        process.other.succeed();
        runner.succeed();
    }

    @Test
    void jobsOfTwoKindsThatShareALaneRunOneAtATime() {
        Job training = process.submit("first");
        runner.awaitRun();
        Job tuning = process.jobs.submit("tuning", "second", "{}");
        Job last = process.submit("third");
        runner.succeed();
        runner.succeed();
        process.sharing.succeed();

        List.of(training, tuning, last)
                .forEach(job -> assertThat(process.ended(job).state()).isInstanceOf(JobState.Succeeded.class));
        assertThat(process.sharing.threads).containsExactly(runner.threads.getFirst());
        assertThat(process.ended(tuning).started().orElseThrow())
                .isBeforeOrEqualTo(process.ended(last).started().orElseThrow());
    }

    @Test
    void whatARunPublishesIsFencedFromItsEndOn() {
        Job job = process.submit("disk");
        JobRun run = runner.awaitRun();
        process.publish(run.fence());
        runner.succeed();
        process.ended(job);

        assertThatThrownBy(() -> process.publish(run.fence())).isInstanceOf(JobStopped.class);
    }

    @Test
    void aShutdownInterruptsTheRunsOfAllLanesAtOnceThatDoNotListen() {
        CyclicBarrier both = new CyclicBarrier(2);
        Function<JobRun, String> deaf = run -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException interrupted) {
                meet(both);
            }
            throw new JobStopped();
        };
        Job training = process.submit("disk");
        Job upload = process.jobs.submit("upload", "file", "{}");
        runner.awaitRun();
        process.other.awaitRun();
        runner.let(deaf);
        process.other.let(deaf);

        process.jobs.close();

        assertThat(process.jobs.find(training.id()).orElseThrow().state()).isEqualTo(new JobState.Queued());
        assertThat(process.jobs.find(upload.id()).orElseThrow().state()).isEqualTo(new JobState.Queued());
    }

    @Test
    void theNewestJobsComeFirst() {
        List<Long> ids = new ArrayList<>();
        for (String subject : List.of("a", "b", "c")) {
            ids.addFirst(process.submit(subject).id());
            runner.succeed();
        }
        assertThat(process.jobs.newest(JobFilter.ALL, Long.MAX_VALUE, 10))
                .extracting(Job::id)
                .containsExactlyElementsOf(ids);
        assertThat(process.jobs.newest(JobFilter.ALL, ids.getFirst(), 1))
                .extracting(Job::id)
                .containsExactly(ids.get(1));
    }

    @Test
    void whoFollowsAJobIsReleasedWhenTheServiceStops() throws InterruptedException {
        Job job = process.submit("followed");
        runner.awaitRun();
        CountDownLatch following = new CountDownLatch(1);
        Thread follower = Thread.startVirtualThread(() -> process.jobs.follow(job.id(), JobsFixture.PATIENCE, seen -> {
            following.countDown();
            return true;
        }));
        following.await();
        runner.goOnUntilStopped();

        process.jobs.close();
        assertThat(follower.join(JobsFixture.PATIENCE)).isTrue();
    }

    /// Lanes that were interrupted one after the other would not meet.
    private static void meet(CyclicBarrier others) {
        try {
            others.await(3, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private Optional<JobProgress> storedProgress(Job job) {
        return process.jobs.find(job.id()).orElseThrow().progress();
    }

    private static JobProgress epoch(int epoch) {
        return new JobProgress.Training(epoch, 50, 0.5 / epoch, null, 1.0);
    }
}
