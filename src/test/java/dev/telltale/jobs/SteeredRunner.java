package dev.telltale.jobs;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// A runner that does with each run what the test says.
final class SteeredRunner implements JobRunner {

    private final String kind;
    private final String lane;
    private final BlockingQueue<JobRun> begun = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final BlockingQueue<Function<JobRun, String>> work = new LinkedBlockingQueue<>();
    private final AtomicInteger atOnce = new AtomicInteger();
    final List<String> subjects = new CopyOnWriteArrayList<>();
    final List<Integer> runsAtOnce = new CopyOnWriteArrayList<>();
    final List<Thread> threads = new CopyOnWriteArrayList<>();

    /// One whose jobs have a lane of their own.
    SteeredRunner(String kind) {
        this(kind, kind);
    }

    SteeredRunner(String kind, String lane) {
        this.kind = kind;
        this.lane = lane;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public String lane() {
        return lane;
    }

    @Override
    public String run(JobRun run) {
        runsAtOnce.add(atOnce.incrementAndGet());
        subjects.add(run.subject());
        threads.add(Thread.currentThread());
        begun.add(run);
        try {
            return taken(work).apply(run);
        } finally {
            atOnce.decrementAndGet();
        }
    }

    @Override
    public void ended(String subject) {
        ended.add(subject);
    }

    /// The subjects of jobs that were told to have ended and that nobody has asked for.
    List<String> ended() {
        return List.copyOf(ended);
    }

    /// The subject of the next job that is told to have ended.
    String awaitEnd() {
        return taken(ended);
    }

    /// The next run that has begun.
    JobRun awaitRun() {
        return taken(begun);
    }

    /// Waits until a job of this subject runs; those that began before are forgotten.
    void awaitRunOf(String subject) {
        while (!awaitRun().subject().equals(subject)) {}
    }

    /// Lets the next run do this.
    void let(Function<JobRun, String> what) {
        work.add(what);
    }

    void succeed() {
        let(run -> "/api/v1/models/" + run.subject());
    }

    /// Lets the next run go on until it is told to end.
    void goOnUntilStopped() {
        let(run -> {
            while (true) {
                run.stopIfCancelled();
                Thread.onSpinWait();
            }
        });
    }

    private static <T> T taken(BlockingQueue<T> queue) {
        try {
            T next = queue.poll(JobsFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing came");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
