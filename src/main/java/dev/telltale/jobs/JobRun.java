package dev.telltale.jobs;

/// One run of a job, as its runner sees it. Used by the runner's thread only.
public interface JobRun {

    long id();

    String subject();

    /// What was submitted, a JSON object.
    String payload();

    /// Notes how far the run has come. May be called after every batch: most calls only keep the value,
    /// a few a second and the last are stored, as far as the store takes them.
    void progress(JobProgress progress);

    /// Whether the run shall end: its caller gave up, the service stops, its time is over or another
    /// process has taken the job over. To be asked
    /// between batches; whoever sees true cleans up and throws what `stopIfCancelled` throws.
    boolean cancelled();

    /// To be passed in the transaction that makes the run's work visible. Unlike all else here it may be used by
    /// other threads.
    Fence fence();

    /// Ends the run if it shall end.
    ///
    /// @throws JobStopped in that case
    default void stopIfCancelled() {
        if (cancelled()) {
            throw new JobStopped();
        }
    }
}
