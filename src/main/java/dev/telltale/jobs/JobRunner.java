package dev.telltale.jobs;

/// Does the jobs of one kind, one after the other, on a platform thread that no two runs ever share.
public interface JobRunner {

    /// The kind of job it does, such as `training`.
    String kind();

    /// Does the job from its beginning. A run that the end of the process cut short is repeated, so it
    /// must not mind what an earlier one left behind.
    ///
    /// A returned result counts even if the run was told to end meanwhile; anything thrown after that
    /// counts as having ended.
    ///
    /// @return path of what was made, such as `/api/v1/models/disk-writes`
    /// @throws dev.telltale.problem.Problem which becomes the job's problem
    String run(JobRun run);
}
