package dev.telltale.alerts;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps alerts going: a virtual thread that runs the pipeline, and one for each receiver that sends. Each sleeps
/// until there is something to do for it, and none waits for another.
final class Dispatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);
    private static final Duration LONGEST_SLEEP = Duration.ofHours(1);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(5);

    private final AlertPipeline pipeline;
    private final Function<ReceiverName, Sender> senders;
    private final InstantSource clock;
    private final Map<ReceiverName, Worker> workers = new HashMap<>();
    private final Set<ReceiverName> toWake = new LinkedHashSet<>(); // touched by the pipeline's thread alone
    private final Worker main;
    private boolean closed;

    /// Not started yet.
    Dispatch(AlertPipeline pipeline, Function<ReceiverName, Sender> senders, InstantSource clock) {
        this.pipeline = pipeline;
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

    /// Begins.
    ///
    /// @param receivers that may have messages from before
    synchronized void start(Iterable<ReceiverName> receivers) {
        main.thread.start();
        receivers.forEach(this::wake);
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
        Worker worker = new Worker("alerts-to-" + name, () -> sender.turn().orElse(LONGEST_SLEEP));
        worker.thread.start();
        return worker;
    }

    private Duration runPipeline() {
        try {
            pipeline.turn(toWake::add);
        } finally {
            wakeTold();
        }
        return pipeline.nextTurn().map(this::until).orElse(LONGEST_SLEEP);
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
