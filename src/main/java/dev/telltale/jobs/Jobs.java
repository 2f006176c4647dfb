package dev.telltale.jobs;

import dev.telltale.database.SqlWork;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Background work: queues on disk, one for each lane, whose jobs run one at a time in the order of their ids.
public interface Jobs {

    /// Queues a job; it is on disk when this returns.
    ///
    /// @param kind of a known runner
    /// @param subject name that the job holds until it ends
    /// @param payload what the runner needs to know, a JSON object
    /// @throws dev.telltale.problem.Problem `NAME_TAKEN` if a job of this kind holds the subject,
    ///     `OVERLOADED` if the queue is full
    default Job submit(String kind, String subject, String payload) {
        return submit(kind, subject, payload, connection -> true);
    }

    /// The same if something is so until the job holds its subject.
    ///
    /// @param check done in the ordered write that queues the job; what it throws leaves the queue as it is
    /// @throws dev.telltale.problem.Problem as `submit`, or what the check throws
    Job submit(String kind, String subject, String payload, SqlWork<?> check);

    /// To be asked before work that only serves to submit a job.
    ///
    /// @throws dev.telltale.problem.Problem `OVERLOADED` if the queue for this kind of job is full now
    void refuseIfFull(String kind);

    Optional<Job> find(long id);

    /// Jobs from the newest to the oldest, those below `beforeId` only, at most `limit`.
    ///
    /// @throws dev.telltale.problem.Problem `INVALID_PARAMETER` if there are no jobs of the kind asked for
    List<Job> newest(JobFilter filter, long beforeId, int limit);

    /// Stops a job: a queued one at once, a running one before its next batch. It stays running until then.
    ///
    /// @throws dev.telltale.problem.Problem `JOB_NOT_FOUND` or `JOB_ENDED`
    Job cancel(long id);

    /// The job once it has ended, or as it stands when the wait is over or the service stops.
    ///
    /// @throws dev.telltale.problem.Problem `JOB_NOT_FOUND`
    Job await(long id, Duration longest);

    /// Hands a job to `follower` as it stands, and again whenever it may have changed, at the latest after
    /// `pause`; until it has ended, the follower says that it has enough, or the service stops.
    void follow(long id, Duration pause, Predicate<Job> follower);

    /// Whether a queued or running job of this kind holds the subject.
    boolean isTaken(String kind, String subject);

    /// The same as a transaction sees it. In an ordered write it is so until that ends.
    boolean isTaken(Connection connection, String kind, String subject) throws SQLException;
}
