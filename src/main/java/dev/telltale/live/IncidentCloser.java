package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.database.Lease;
import dev.telltale.database.LeaseLost;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes incidents that have been quiet for their gap. It looks each second: whoever was woken up shall hear
/// soon that it is over. Of several processes on a database the one with the lease does it.
final class IncidentCloser implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IncidentCloser.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Database database;
    private final Lease lease;
    private final FindingStore store;
    private final InstantSource clock;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofPlatform().name("incident-closer").daemon().unstarted(this::work);
    private boolean failing;

    IncidentCloser(Database database, Lease lease, FindingStore store, InstantSource clock) {
        this.database = database;
        this.lease = lease;
        this.store = store;
        this.clock = clock;
    }

    void start() {
        thread.start();
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            if (!thread.join(PATIENCE)) {
                LOG.warn("Incidents are still being closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        try {
            do {
                look();
            } while (!stop.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts the thread that closes incidents", e);
        }
    }

    /// What is thrown here would end the looks for ever.
    private void look() {
        try {
            closeQuiet();
            failing = false;
        } catch (RuntimeException | Error e) {
            if (!failing) { // once, and not each second
                LOG.error("Quiet incidents cannot be closed", e);
            }
            failing = true;
        }
    }

    private void closeQuiet() {
        if (!lease.isHeld() || !store.hasQuiet(clock.instant())) {
            return; // the writer is for those who have something to write
        }
        try {
            store.merged(database.write(connection -> {
                lease.require(connection);
                return store.closeUpToDate(connection, clock.instant());
            }));
        } catch (LeaseLost another) {
            LOG.debug("Another process closes incidents", another);
        }
    }
}
