package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.database.Lease;
import dev.telltale.database.LeaseListener;
import dev.telltale.database.LeaseLost;
import dev.telltale.live.FindingStore.Merged;
import dev.telltale.problem.Problem;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes incidents of what detectors of all processes found, in the one that has the lease. A transaction takes some
/// rows of the inbox in their order, stores what they hold, and deletes them: whatever ends it, they are merged once.
///
/// Where that fails for another reason than that the database does not work now, the rows are merged one by one. One
/// that fails alone is tried again a few times, while the rows of its detector wait behind it; then it is set
/// aside, and they go on. Who gets the lease, perhaps a process of another release, tries those that are set aside once
/// more.
final class FindingMerger {

    private static final Logger LOG = LoggerFactory.getLogger(FindingMerger.class);
    private static final int MOST_TRIES = 4;
    private static final int AT_ONCE = 100;
    /// So that who ends the looks need not wait for a long inbox.
    private static final int MOST_IN_A_LOOK = 50;

    private final Database database;
    private final Lease lease;
    private final FindingStore store;
    private final AtomicBoolean isNew = new AtomicBoolean();

    // Touched by whoever looks alone:
    private final Map<Long, Integer> tries = new HashMap<>(); // by the ids of rows that failed

    FindingMerger(Database database, Lease lease, FindingStore store) {
        this.database = database;
        this.lease = lease;
        this.store = store;
        lease.listen(new LeaseListener() {

            @Override
            public void gained() {
                isNew.set(true);
            }

            @Override
            public void lost() {
                isNew.set(false);
            }
        });
    }

    /// Merges what waits, if this process may.
    void look() {
        try {
            if (lease.isHeld()) {
                mergeAll();
            }
        } catch (LeaseLost another) {
            LOG.debug("Another process merges findings", another);
        }
    }

    private void mergeAll() {
        if (isNew.get()) {
            tries.clear();
            mergeAside();
            isNew.set(false);
        }
        boolean more = database.read(FindingInbox::hasRows);
        for (int i = 0; more && i < MOST_IN_A_LOOK && lease.isHeld(); i++) {
            more = mergeSome();
        }
    }

    /// @return whether there is more to be merged now
    private boolean mergeSome() {
        try {
            return !merge(database.write(connection -> {
                lease.require(connection);
                return store.merge(connection);
            }));
        } catch (RuntimeException oneOfThem) {
            rethrowIfNotNow(oneOfThem);
            LOG.debug("Findings are merged row by row", oneOfThem);
            return mergeOneByOne();
        }
    }

    /// Whatever a row holds, it is not to blame for a lease that is lost, or a database that does not work now.
    private static void rethrowIfNotNow(RuntimeException failure) {
        boolean isNotNow = failure instanceof Problem problem
                && switch (problem.type().kind()) {
                    case OVERLOADED, UNAVAILABLE, STORAGE_FULL -> true;
                    default -> false;
                };
        if (isNotNow || failure instanceof LeaseLost) {
            throw failure;
        }
    }

    /// @return whether there were no more rows
    private boolean merge(Merged merged) {
        store.merged(merged);
        return merged.isAll();
    }

    /// @return whether there is more to be merged now
    private boolean mergeOneByOne() {
        FindingInbox.Rows first = database.read(connection -> FindingInbox.first(connection, AT_ONCE));
        Set<String> waiting = new HashSet<>(); // detectors with a row that failed
        for (FindingInbox.Row row : first.rows()) {
            if (!waiting.contains(row.detector()) && !isMerged(row)) {
                waiting.add(row.detector());
            }
        }
        return waiting.isEmpty() && !first.isAll();
    }

    /// @return whether the rows behind it may be merged too
    private boolean isMerged(FindingInbox.Row row) {
        try {
            merge(database.write(connection -> {
                lease.require(connection);
                return store.merge(connection, row.id());
            }));
            tries.remove(row.id());
            return true;
        } catch (RuntimeException failure) {
            rethrowIfNotNow(failure);
            if (tries.merge(row.id(), 1, Integer::sum) < MOST_TRIES) {
                return false;
            }
            setAside(row, failure);
            return true;
        }
    }

    private void setAside(FindingInbox.Row row, RuntimeException failure) {
        database.write(connection -> {
            lease.require(connection);
            FindingInbox.setAside(connection, row.id());
            return true;
        });
        tries.remove(row.id());
        LOG.error(
                "What detector '{}' found cannot be merged into incidents. It is kept in row {} of the table"
                        + " finding_inbox, and tried again by the next process that merges",
                row.detector(),
                row.id(),
                failure);
    }

    /// Merges what was set aside, where that is possible now.
    private void mergeAside() {
        long after = 0;
        while (true) {
            long last = after;
            List<FindingInbox.Row> rows = database.read(connection -> FindingInbox.aside(connection, last, AT_ONCE));
            if (rows.isEmpty()) {
                return;
            }
            for (FindingInbox.Row row : rows) {
                try {
                    merge(database.write(connection -> {
                        lease.require(connection);
                        return store.mergeLate(connection, row.id());
                    }));
                    LOG.info("What detector '{}' found and was set aside is merged", row.name());
                } catch (RuntimeException again) {
                    rethrowIfNotNow(again);
                    LOG.warn("Row {} of the table finding_inbox still cannot be merged", row.id(), again);
                }
            }
            after = rows.getLast().id();
        }
    }
}
