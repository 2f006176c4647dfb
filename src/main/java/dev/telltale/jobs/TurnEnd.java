package dev.telltale.jobs;

import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.DeadExecutionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What becomes of a turn once its taker is done.
enum TurnEnd implements CompletionHandler<Void> {
    /// The job has ended: the turn goes.
    SPENT {
        @Override
        public void complete(ExecutionComplete taken, ExecutionOperations<Void> turn) {
            unlessTaken(taken, turn::remove);
        }
    },
    /// The job waits: somebody else may have the turn, at once.
    GIVEN_BACK {
        @Override
        public void complete(ExecutionComplete taken, ExecutionOperations<Void> turn) {
            giveBack(taken, turn);
        }
    },
    /// Another has the turn already.
    LOST {
        @Override
        public void complete(ExecutionComplete taken, ExecutionOperations<Void> turn) {}
    };

    private static final Logger LOG = LoggerFactory.getLogger(TurnEnd.class);

    /// What becomes of the turn of a process that is not heard of any more: another has it, in its old place.
    static final DeadExecutionHandler<Void> OF_THE_DEAD = TurnEnd::giveBack;

    private static void giveBack(ExecutionComplete taken, ExecutionOperations<Void> turn) {
        long job = Long.parseLong(taken.getExecution().taskInstance.getId());
        unlessTaken(taken, () -> turn.reschedule(taken, TurnTable.due(job)));
    }

    /// Several processes see that one is dead, or it comes back to life: the first counts.
    private static void unlessTaken(ExecutionComplete taken, Runnable change) {
        try {
            change.run();
        } catch (ExecutionException another) {
            LOG.info("The turn {} is another's by now", taken.getExecution().taskInstance, another);
        }
    }
}
