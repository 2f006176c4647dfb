package dev.telltale.access;

import dev.telltale.problem.Problem;
import java.time.Duration;
import org.slf4j.LoggerFactory;

/// A log of events: a line of JSON each, only ever added to.
///
/// A change is made only while the log can be written (`require`), and answered only when its line is on disk
/// (`record`). A line that could not be written, or of which nobody knows whether it is, waits in memory and is written
/// before any other: until then no change is made, and a line may stand twice. Other lines (`note`) keep nobody from
/// going on.
interface AuditLog extends AutoCloseable {

    /// Of who hears that it cannot be written.
    Duration RETRY_AFTER = Duration.ofSeconds(30);

    /// Lines in memory.
    int MOST_WAITING = 1_000;

    /// Of what it is the log, as in a sentence.
    String name();

    /// Lets a change begin.
    ///
    /// @throws Problem if the log cannot be written now
    void require();

    /// Writes a line that is on disk when this returns.
    ///
    /// @throws Problem if it is not; it waits then
    void record(AuditEvent event);

    /// Writes a line that is on disk when this returns, or waits for that.
    default void recordOrLetWait(AuditEvent event) {
        try {
            record(event);
        } catch (Problem untold) {
            LoggerFactory.getLogger(AuditLog.class).warn("A line of the log of {} waits: {}", name(), untold.detail());
        }
    }

    /// Writes a line, or counts that it could not.
    void note(AuditEvent event);

    /// Writes what waits, if it can be written now.
    void catchUp();

    /// The log as it is now, for who reads it.
    AuditReader reader();

    @Override
    void close();
}
