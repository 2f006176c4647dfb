package dev.telltale.alerts;

import dev.telltale.database.ChangeListener;
import dev.telltale.database.Changes;
import dev.telltale.database.Lease;
import dev.telltale.database.LeaseListener;
import dev.telltale.database.LeaseLost;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps alerts going: a virtual thread that runs the pipeline, and one for each receiver that sends. Each sleeps
/// until there is something to do for it, and none waits for another.
///
/// Of several processes on a database the one that has the lease does this. What another leaves when it loses it, or
/// ends, the next one finds in the outbox. A message that was under way then may be sent twice, under the same name.
final class Dispatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
    private static final Duration LONGEST_SLEEP = Duration.ofHours(1);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(5);

    private final Lease lease;
    private final Changes changes;
    private final AlertPipeline pipeline;
    private final SilenceTable silences;
    private final ReceiverTable receivers;
    private final Function<ReceiverName, Sender> senders;
    private final InstantSource clock;
    private final Map<ReceiverName, Worker> workers = new HashMap<>();
    private final Set<ReceiverName> toWake = new LinkedHashSet<>(); // touched by the pipeline's thread alone
    private final AtomicBoolean isNew = new AtomicBoolean();
    private final Worker main;
    private boolean closed;

    /// Not started yet.
    Dispatch(
            Lease lease,
            Changes changes,
            AlertPipeline pipeline,
            SilenceTable silences,
            ReceiverTable receivers,
            Function<ReceiverName, Sender> senders,
            InstantSource clock) {
        this.lease = lease;
        this.changes = changes;
        this.pipeline = pipeline;
        this.silences = silences;
        this.receivers = receivers;
        this.senders = senders;
        this.clock = clock;
        main = new Worker("alerts", this::runPipeline);
    }

    /// What a thread does again and again.
    @FunctionalInterface
    private interface Step {

        /// @return how long to sleep then
        Duration run();
    }

    /// A thread and what it does.
    private static final class Worker {

        private final Wakeup wakeup = new Wakeup();
        private final Step step;
        private final Thread thread;
        private volatile boolean stopped;

        Worker(String name, Step step) {
            this.step = step;
            thread = Thread.ofVirtual().name(name).unstarted(this::run);
        }

        private void run() {
            boolean failing = false;
            while (!stopped) {
                Duration sleep;
                try {
                    sleep = step.run();
                    failing = false;
                } catch (RuntimeException | Error failure) {
                    // The store does not work, memory is short or we made a mistake: thrown on, it would end the
                    // alerts for ever.
                    if (!failing && !stopped) {
                        LOG.error("{} failed, and tries again", thread.getName(), failure);
                    }
                    failing = true;
                    sleep = AFTER_A_FAILURE;
                }
                try {
                    if (sleep.isPositive()) {
                        wakeup.await(sleep);
                    }
                } catch (InterruptedException stop) {
                    return;
                }
            }
        }

        void stop() {
            stopped = true;
            thread.interrupt();
        }

        void join() {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Begins, with the messages from before.
    void start() {
        changes.listen(SilenceTable.CHANGE, new Follower(_ -> wake()));
        changes.listen(ReceiverTable.CHANGE, new Follower(name -> changed(new ReceiverName(name))));
        isNew.set(true);
        main.thread.start();
        lease.listen(new LeaseListener() {

            @Override
            public void gained() {
                isNew.set(true);
                wake();
            }

            @Override
            public void lost() {
                LOG.info("This process sends no alerts any more");
            }
        });
    }

    /// Hears of what other processes changed.
    private final class Follower implements ChangeListener {

        private final Consumer<String> one;

        /// @param one is told which of its kind was changed
        Follower(Consumer<String> one) {
            this.one = one;
        }

        @Override
        public void changed(String subject) {
            one.accept(subject);
        }

        @Override
        public void all() {
            isNew.set(true);
            wake();
        }
    }

    private void changed(ReceiverName name) {
        if (receivers.find(name).isPresent()) {
            wake(name);
        } else {
            forget(name);
        }
    }

    /// There are incidents or silences to look at.
    void wake() {
        main.wakeup.call();
    }

    /// There are messages for a receiver, or it changed.
    synchronized void wake(ReceiverName name) {
        if (!closed) {
            workers.computeIfAbsent(name, this::worker).wakeup.call();
        }
    }

    /// A receiver is no more.
    void forget(ReceiverName name) {
        Optional<Worker> worker;
        synchronized (this) {
            worker = Optional.ofNullable(workers.remove(name));
        }
        worker.ifPresent(Worker::stop);
    }

    private Worker worker(ReceiverName name) {
        Sender sender = senders.apply(name);
        Worker worker = new Worker(
                "alerts-to-" + name, () -> lease.isHeld() ? sender.turn().orElse(LONGEST_SLEEP) : LONGEST_SLEEP);
        worker.thread.start();
        return worker;
    }

    private Duration runPipeline() {
        if (!lease.isHeld()) {
            return LONGEST_SLEEP; // who gets it is woken
        }
        try {
            begin();
            changes.catchUp(); // with the silences that other processes made before this
            pipeline.turn(toWake::add);
        } catch (LeaseLost another) {
            LOG.debug("Another process tells of incidents", another);
            return LONGEST_SLEEP;
        } finally {
            wakeTold();
        }
        return pipeline.nextTurn().map(this::until).orElse(LONGEST_SLEEP);
    }

    /// Finds what others left, once.
    private void begin() {
        if (!isNew.getAndSet(false)) {
            return;
        }
        try {
            silences.refresh();
            toWake.addAll(receivers.names());
        } catch (RuntimeException | Error failure) {
            isNew.set(true);
            throw failure;
        }
    }

    /// Who cannot be woken now is woken in the next turn.
    private void wakeTold() {
        for (Iterator<ReceiverName> told = toWake.iterator(); told.hasNext(); ) {
            wake(told.next());
            told.remove();
        }
    }

    private Duration until(Instant moment) {
        Duration time = Duration.between(clock.instant(), moment);
        return time.compareTo(LONGEST_SLEEP) > 0 ? LONGEST_SLEEP : time;
    }

    @Override
    public void close() {
        Map<ReceiverName, Worker> running;
        synchronized (this) {
            closed = true;
            running = Map.copyOf(workers);
        }
        main.stop();
        running.values().forEach(Worker::stop);
        main.join();
        running.values().forEach(Worker::join);
    }
}
