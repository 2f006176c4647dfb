package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.database.Lease;
import dev.telltale.database.LeaseLost;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes incidents that have been quiet for their gap. It looks each second: whoever was woken up shall hear
/// soon that it is over. Of several processes on a database the one with the lease does it.
final class IncidentCloser {

    private static final Logger LOG = LoggerFactory.getLogger(IncidentCloser.class);

    private final Database database;
    private final Lease lease;
    private final FindingStore store;
    private final InstantSource clock;

    IncidentCloser(Database database, Lease lease, FindingStore store, InstantSource clock) {
        this.database = database;
        this.lease = lease;
        this.store = store;
        this.clock = clock;
    }

    /// Closes what is quiet, if this process may.
    void look() {
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
