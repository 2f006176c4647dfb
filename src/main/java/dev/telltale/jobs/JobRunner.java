package dev.telltale.jobs;

/// Does the jobs of one kind, one after the other, on the platform thread of their lane.
public interface JobRunner {

    /// The kind of job it does, such as `training`.
    String kind();

    /// The lane in which its jobs run. Jobs of one lane never run at the same time; kinds that must not,
    /// such as all that train, name the same one.
    default String lane() {
        return kind();
    }

    /// Does the job from its beginning. A run that the end of the process cut short is repeated, so it
    /// must not mind what an earlier one left behind.
    ///
    /// A returned result counts even if the run was told to end meanwhile; anything thrown after that
    /// counts as having ended.
    ///
    /// @return path of what was made, such as `/api/v1/models/disk-writes`
    /// @throws dev.telltale.problem.Problem which becomes the job's problem
    String run(JobRun run);

    /// Told that the end of a job is on disk, so that it never runs again: what it needed may go. Not told if the
    /// process ends before, nor of a job that was cancelled before it ran.
    default void ended(String subject) {}
}
