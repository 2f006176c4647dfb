package dev.telltale.jobs;

import java.time.Duration;

/// Small work of the service's own that is done again and again: at each start and then in intervals. It has
/// no state that callers see and takes seconds at most. What it throws is logged, and its next turn comes.
public interface PeriodicWork {

    /// Who does a work, where several processes share a database.
    enum Where {
        /// One of them, whichever comes first to each turn.
        ONCE,
        /// Each of them on its own.
        EACH_REPLICA
    }

    /// Tells it from others, such as `retention`.
    String name();

    /// Time from the end of one turn to the beginning of the next.
    Duration interval();

    /// Who does it.
    default Where where() {
        return Where.ONCE;
    }

    void run();
}
