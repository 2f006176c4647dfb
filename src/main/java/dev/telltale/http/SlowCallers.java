package dev.telltale.http;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes the connections of callers who send a request too slowly, or take too little of an answer. The container's
/// own limits count from the last byte, and so never end for who sends or takes one now and then. Bodies are timed
/// where they are read too.
final class SlowCallers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlowCallers.class);
    private static final int GLANCE = 10; // milliseconds
    private static final int LOOKS_IN_ITS_PATIENCE = 10;

    private final long patience;
    private final HttpMeters meters;
    private final List<WatchedHttp> protocols = new CopyOnWriteArrayList<>();
    private final Set<Transfer> transfers = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("slow-callers").daemon().factory());

    private final AtomicBoolean glancing = new AtomicBoolean(); // whether the next glance is to come

    /// Since when a connection is in the middle of a head, by the clock of `System.nanoTime`; the clock's thread alone.
    private Map<SocketWrapperBase<?>, Long> inTheMiddle = new HashMap<>();

    SlowCallers(Duration patience, HttpMeters meters) {
        this.patience = patience.toNanos();
        this.meters = meters;
        long pause = this.patience / LOOKS_IN_ITS_PATIENCE;
        Future<?> _ = clock.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.NANOSECONDS);
    }

    void watch(WatchedHttp protocol) {
        protocols.add(protocol);
    }

    /// A transfer that is looked at until it is over.
    Transfer begin(String connection, Gate.Place place) {
        Transfer transfer = new Transfer(this, connection, patience, place);
        transfers.add(transfer);
        glanceIfNeeded();
        return transfer;
    }

    void end(Transfer transfer) {
        transfers.remove(transfer);
    }

    void cutBody() {
        meters.cutBody();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /// While there are transfers, and no longer: an idle service sleeps.
    private void glanceIfNeeded() {
        if (!transfers.isEmpty() && glancing.compareAndSet(false, true)) {
            try {
                Future<?> _ = clock.schedule(this::letOthersIn, GLANCE, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                LOG.debug("Nobody looks after this transfer any more", closed);
            }
        }
    }

    private void letOthersIn() {
        glancing.set(false);
        glanceIfNeeded();
        try {
            transfers.forEach(Transfer::letOthersIn);
        } catch (RuntimeException e) { // or it would be the last time
            LOG.error("Places of slow callers could not be given to others", e);
        }
    }

    private void look() {
        try {
            cutTransfers();
            cutWriters();
        } catch (RuntimeException e) { // or it would be the last look
            LOG.error("Slow callers could not be looked for", e);
        }
    }

    /// Those who take nothing of an answer, or send next to nothing of a body.
    private void cutTransfers() {
        List<Transfer> readers =
                transfers.stream().filter(Transfer::isTakenTooSlowly).toList();
        List<Transfer> senders =
                transfers.stream().filter(Transfer::cutIfTooSlow).toList();
        if (readers.isEmpty() && senders.isEmpty()) {
            return;
        }
        Map<String, SocketWrapperBase<NioChannel>> connections = connections();
        senders.forEach(transfer ->
                Optional.ofNullable(connections.get(transfer.connection())).ifPresent(SlowCallers::endBody));
        readers.forEach(transfer ->
                Optional.ofNullable(connections.get(transfer.connection())).ifPresent(this::cutReader));
    }

    /// Cuts who takes so little of an answer that the container has given up writing: the connection would be closed
    /// with what was written, and the kernel keep it until the caller has taken it.
    void cutReader(Transfer transfer) {
        Optional.ofNullable(connections().get(transfer.connection())).ifPresent(this::cutReader);
    }

    private void cutReader(SocketWrapperBase<NioChannel> connection) {
        meters.cutReader();
        reset(connection);
    }

    /// The open ones by their ids.
    private Map<String, SocketWrapperBase<NioChannel>> connections() {
        Map<String, SocketWrapperBase<NioChannel>> open = new HashMap<>();
        protocols.forEach(protocol -> protocol.connections().stream()
                .filter(connection -> !connection.isClosed())
                .forEach(connection ->
                        open.put(connection.getServletConnection("", "").getConnectionId(), connection)));
        return open;
    }

    /// Lets a body end here: who waits for more of it wakes up, and can still answer.
    private static void endBody(SocketWrapperBase<NioChannel> connection) {
        try {
            connection.getSocket().getIOChannel().shutdownInput();
        } catch (IOException alreadyClosed) {
            LOG.debug("A slow caller has gone", alreadyClosed);
        }
    }

    /// Closes a connection without what is still to be sent on it, which the kernel would keep for long.
    private static void reset(SocketWrapperBase<NioChannel> connection) {
        try {
            connection.getSocket().getIOChannel().setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException alreadyClosed) {
            LOG.debug("A slow caller has gone", alreadyClosed);
        }
        connection.close();
    }

    /// Those who have begun a head and do not end it. A connection has a processor only then, and while no thread
    /// works on it.
    private void cutWriters() {
        Map<SocketWrapperBase<?>, Long> now = new HashMap<>();
        long time = System.nanoTime();
        for (WatchedHttp protocol : protocols) {
            for (SocketWrapperBase<?> connection : protocol.connections()) {
                if (connection.getCurrentProcessor() == null) {
                    continue;
                }
                long since = inTheMiddle.getOrDefault(connection, time);
                if (time - since > patience) {
                    cutWriter(connection);
                } else {
                    now.put(connection, since);
                }
            }
        }
        inTheMiddle = now;
    }

    private void cutWriter(SocketWrapperBase<?> connection) {
        ReentrantLock lock = connection.getLock();
        if (lock.tryLock()) { // or a thread works on it at last
            try {
                if (connection.getCurrentProcessor() != null) {
                    meters.cutHead(); // before the caller sees it
                    connection.close();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
