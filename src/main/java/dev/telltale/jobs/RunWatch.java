package dev.telltale.jobs;

import dev.telltale.database.Database;
import dev.telltale.database.Pulse;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks what the other processes on a database make of the jobs that run here: whether one of them was told to
/// cancel a job, or has taken it over. It looks where there is no news of that too, to see whether the database
/// answers.
final class RunWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RunWatch.class);
    private static final Duration INTERVAL = Duration.ofSeconds(3);

    private final JobTable table;
    private final String owner;
    private final Duration longestSilence;
    private final Supplier<Collection<RunningJob>> runs;
    private final Consumer<Boolean> answering;
    private final Pulse looks;
    private long heardAt = System.nanoTime();
    private boolean isSilent;

    /// @param longestSilence of the database, after which the others take over what runs here
    /// @param runs that go on here now
    /// @param answering is told false when the database does not answer any more, and true when it does again
    RunWatch(
            Database database,
            JobTable table,
            String owner,
            Duration longestSilence,
            Supplier<Collection<RunningJob>> runs,
            Consumer<Boolean> answering) {
        this.table = table;
        this.owner = owner;
        this.longestSilence = longestSilence;
        this.runs = runs;
        this.answering = answering;
        this.looks = Pulse.atOnce("run-watch", INTERVAL, this::look);
        database.follow(JobTable.RUNS_MARK, looks);
    }

    @Override
    public void close() {
        looks.close();
    }

    private void look() {
        long begun = System.nanoTime();
        Collection<RunningJob> known = runs.get();
        Map<Long, JobTable.Held> held;
        try {
            held = table.held(owner);
        } catch (RuntimeException e) { // whatever it is, the next look comes
            fellSilent(e, known);
            return;
        }
        heardAt = begun;
        if (isSilent) {
            isSilent = false;
            LOG.info("The queue of jobs can be looked at again");
            answering.accept(true);
        }
        known.forEach(run -> tell(run, held));
    }

    private void fellSilent(RuntimeException reason, Collection<RunningJob> known) {
        if (!isSilent) {
            isSilent = true;
            LOG.warn("The queue of jobs cannot be looked at; no job begins until it can: {}", reason.getMessage());
            answering.accept(false);
        }
        if (System.nanoTime() - heardAt > longestSilence.toNanos()) {
            known.forEach(run -> run.stop(RunningJob.Stop.LOST));
        }
    }

    private static void tell(RunningJob run, Map<Long, JobTable.Held> held) {
        JobTable.Held job = held.get(run.id());
        if (job == null || job.token() != run.token()) {
            run.stop(RunningJob.Stop.LOST);
        } else if (job.isToEnd()) {
            run.stop(RunningJob.Stop.CANCELLED);
        }
    }
}
