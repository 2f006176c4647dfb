package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.database.Postgres;
import dev.telltale.problem.Problem;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several processes on one queue.
class SharedJobsTest {

    /// After the last sign of life of a process another has its jobs: 20 s of silence, looked at every 10 s, and 1
    /// s until the next look for turns, with some room.
    private static final Duration TAKEOVER = Duration.ofSeconds(35);

    private final Postgres postgres = Postgres.fresh();
    private final List<JobsFixture> processes = new ArrayList<>();

    @TempDir
    private Path directory;

    @AfterEach
    void end() {
        processes.reversed().forEach(JobsFixture::close);
    }

    @Test
    void eachOfManyJobsRunsOnceInOneOfThem() {
        JobsFixture first = process(200).started();
        JobsFixture second = process(200).started();
        List<Job> jobs = new ArrayList<>();
        List<String> subjects = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            first.runner.succeed();
            second.runner.succeed();
            subjects.add("job" + i);
            jobs.add((i % 2 == 0 ? first : second).submit("job" + i));
        }

        jobs.forEach(job -> assertThat(first.ended(job).state())
                .isEqualTo(new JobState.Succeeded("/api/v1/models/" + job.subject())));
        List<String> done = new ArrayList<>(first.runner.subjects);
        done.addAll(second.runner.subjects);
        assertThat(done).containsExactlyInAnyOrderElementsOf(subjects);
        assertThat(first.runner.subjects).isNotEmpty();
        assertThat(second.runner.subjects).isNotEmpty();
    }

    @Test
    void aLaneThatIsBusyInOneDoesNotKeepTheOtherIdle() {
        JobsFixture first = process().started();
        Job long1 = first.submit("long");
        first.runner.awaitRun();
        JobsFixture second = process().started();
        Job next = first.submit("next");
        second.runner.succeed();

        assertThat(first.ended(next).state()).isInstanceOf(JobState.Succeeded.class);
        assertThat(second.runner.subjects).containsExactly("next");
        first.runner.succeed();
        assertThat(second.ended(long1).state()).isInstanceOf(JobState.Succeeded.class);
    }

    @Test
    void aJobOfOneThatDiesIsDoneByTheOther() {
        JobsFixture first = process().started();
        Job job = first.submit("disk");
        first.runner.awaitRun();
        JobsFixture second = process().started();
        second.runner.succeed();

        first.abandon();

        assertThat(second.jobs.await(job.id(), TAKEOVER).state()).isInstanceOf(JobState.Succeeded.class);
        assertThat(second.runner.subjects).containsExactly("disk");
        assertThat(second.runner.awaitEnd()).isEqualTo("disk");
        first.runner.goOnUntilStopped(); // by itself: it has not heard of the database for as long
    }

    @Test
    void oneWhoseJobWasTakenOverSaysNothingMoreOfIt() {
        JobsFixture first = process().started();
        Job job = first.submit("disk");
        JobRun zombie = first.runner.awaitRun();
        JobsFixture second = process().started();
        first.update("UPDATE scheduled_tasks SET picked = false, version = version + 1 WHERE task_instance = '"
                + job.id() + "'");
        JobRun run = second.runner.awaitRun();

        zombie.progress(new JobProgress.Training(3, 5, 0.5, null, null));
        assertThat(zombie.cancelled()).isTrue();
        assertThatThrownBy(() -> first.publish(zombie.fence())).isInstanceOf(JobStopped.class);
        assertThatThrownBy(() -> first.reports().keep(zombie, "{}")).isInstanceOf(JobStopped.class);
        first.runner.let(itself -> "/of/the/zombie");
        Job later = first.submit("later"); // its lane is free again
        first.runner.succeed();
        assertThat(second.ended(later).state()).isInstanceOf(JobState.Succeeded.class);
        assertThat(first.runner.subjects).containsExactly("disk", "later");

        assertThat(first.runner.awaitEnd()).isEqualTo("later");
        assertThat(first.jobs.find(job.id()).orElseThrow())
                .satisfies(itself -> assertThat(itself.state()).isEqualTo(new JobState.Running()))
                .satisfies(itself -> assertThat(itself.progress()).isEmpty());
        assertThat(first.reports().find(job.id())).isEmpty();

        second.publish(run.fence());
        second.reports().keep(run, "{}");
        second.runner.succeed();
        assertThat(first.ended(job).state()).isEqualTo(new JobState.Succeeded("/api/v1/models/disk"));
        assertThat(second.runner.awaitEnd()).isEqualTo("disk");
    }

    @Test
    void aTakeoverIsSeenByTheRunThatHasLostItsJob() {
        JobsFixture first = process().started();
        Job job = first.submit("disk");
        first.runner.awaitRun();
        first.runner.goOnUntilStopped();
        JobsFixture second = process();
        second.table.claim(job.id(), "another");

        Job next = first.submit("next"); // comes once the lane is free
        first.runner.succeed();

        assertThat(first.ended(next).state()).isInstanceOf(JobState.Succeeded.class);
        assertThat(first.jobs.find(job.id()).orElseThrow().state()).isEqualTo(new JobState.Running());
    }

    @Test
    void oneCancelsWhatTheOtherRuns() {
        JobsFixture first = process().started();
        Job job = first.submit("disk");
        first.runner.awaitRun();
        first.runner.goOnUntilStopped();
        JobsFixture second = process().started();

        assertThat(second.jobs.cancel(job.id()).state()).isEqualTo(new JobState.Running());

        assertThat(second.ended(job).state()).isEqualTo(new JobState.Cancelled());
        assertThat(first.runner.awaitEnd()).isEqualTo("disk");
    }

    @Test
    void oneCancelsWhatWasSubmittedToTheOther() {
        JobsFixture first = process().started();
        first.submit("running");
        first.runner.awaitRun();
        Job waiting = first.submit("waiting");
        Job last = first.submit("last");
        JobsFixture second = process();

        assertThat(second.jobs.cancel(waiting.id()).state()).isEqualTo(new JobState.Cancelled());

        first.runner.succeed();
        first.runner.succeed();
        assertThat(first.ended(last).state()).isInstanceOf(JobState.Succeeded.class);
        assertThat(first.runner.subjects).containsExactly("running", "last");
    }

    @Test
    void oneFollowsWhatTheOtherDoes() {
        JobsFixture first = process().started();
        JobsFixture second = process();
        Job job = first.submit("disk");
        JobProgress progress = new JobProgress.Training(1, 5, 0.5, null, null);
        List<JobState> states = new CopyOnWriteArrayList<>();
        first.runner.let(run -> {
            run.progress(progress);
            while (states.stream().noneMatch(JobState.Running.class::isInstance)) {
                Thread.onSpinWait();
            }
            return "/done";
        });
        List<JobProgress> heard = new ArrayList<>();

        second.jobs.follow(job.id(), Duration.ofHours(1), seen -> {
            if (seen.progress().isPresent()) {
                heard.add(seen.progress().get());
                states.add(seen.state());
            }
            return true;
        });

        assertThat(heard).contains(progress);
        assertThat(states.getLast()).isEqualTo(new JobState.Succeeded("/done"));
    }

    @Test
    void theQueueOfALaneIsFullForAllWhereItIsForOne() {
        JobsFixture first = process();
        JobsFixture second = process();
        List.of("a", "b").forEach(first::submit);
        second.submit("c");

        assertThatThrownBy(() -> first.submit("d")).hasMessageContaining("3 jobs wait already");
        assertThatThrownBy(() -> second.submit("a")).hasMessageContaining("'a' is held by job");
    }

    @Test
    void oneThatStopsLeavesItsJobsToTheOtherAtOnce() {
        JobsFixture first = process().started();
        Job job = first.submit("disk");
        first.runner.awaitRun();
        first.runner.goOnUntilStopped();
        JobsFixture second = process().started();
        second.runner.succeed();

        first.jobs.close();

        assertThat(second.ended(job).state()).isInstanceOf(JobState.Succeeded.class);
    }

    @Test
    void aRunOutlivesACutOfAllConnections() throws SQLException {
        JobsFixture first = process().started();
        Job job = first.submit("disk");
        JobRun run = first.runner.awaitRun();
        process().started();

        postgres.cutConnections();
        first.runner.let(itself -> {
            whenTheDatabaseAnswers(() -> first.publish(run.fence()));
            return "/done";
        });

        assertThat(whenTheDatabaseAnswers(() -> first.ended(job)).state()).isEqualTo(new JobState.Succeeded("/done"));
        assertThat(first.runner.subjects).containsExactly("disk");
    }

    @Test
    void aStartLeavesTheJobsOfOthersAlone() {
        JobsFixture first = process().started();
        Job job = first.submit("disk");
        JobRun run = first.runner.awaitRun();

        process().started();

        first.publish(run.fence());
        first.runner.succeed();
        assertThat(first.ended(job).state()).isInstanceOf(JobState.Succeeded.class);
        assertThat(first.runner.subjects).containsExactly("disk");
    }

    @Test
    void aJobWithoutATurnIsGivenOne() {
        JobsFixture first = process();
        Job job = first.submit("disk");
        first.update("DELETE FROM scheduled_tasks");
        first.started();
        first.runner.succeed();

        assertThat(first.ended(job).state()).isInstanceOf(JobState.Succeeded.class);
        assertThat(first.table.addMissingTurns(List.of(new Lane("training", List.of("training")))))
                .isZero();
    }

    @Test
    void turnsOfALaneThatOnlyOthersKnowStay() {
        JobsFixture first = process();
        Job job = first.jobs.submit("newer", "disk", "{}");
        first.pickAllTurns();
        first.started();
        Job another = first.submit("disk");
        first.runner.succeed();
        first.ended(another);

        assertThat(first.table.addMissingTurns(List.of(new Lane("newer", List.of("newer")))))
                .isZero();
        assertThat(first.jobs.find(job.id()).orElseThrow().state()).isEqualTo(new JobState.Queued());
    }

    private static void whenTheDatabaseAnswers(Runnable work) {
        whenTheDatabaseAnswers(() -> {
            work.run();
            return true;
        });
    }

    private static <T> T whenTheDatabaseAnswers(Supplier<T> work) {
        long deadline = System.nanoTime() + JobsFixture.PATIENCE.toNanos();
        while (true) {
            try {
                return work.get();
            } catch (Problem notNow) {
                if (System.nanoTime() > deadline) {
                    throw notNow;
                }
                LockSupport.parkNanos(100_000_000);
            }
        }
    }

    private JobsFixture process() {
        return process(JobsFixture.CAPACITY);
    }

    private JobsFixture process(int capacity) {
        JobsFixture process = JobsFixture.sharing(postgres, directory.resolve("process" + processes.size()), capacity);
        processes.add(process);
        return process;
    }
}
