package dev.telltale.alerts;

import dev.telltale.database.Database;
import dev.telltale.database.Lease;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The way of an alert: what is left of a group after the silences, whether its receiver is told now, and the
/// message that goes into the outbox. Sending is a thing of its own. Of several processes on a database one
/// does this at a time.
final class AlertPipeline {

    private static final Logger LOG = LoggerFactory.getLogger(AlertPipeline.class);
    /// Incidents in one transaction. Scores wait for the same writer.
    private static final int MOST_AT_ONCE = 20;

    private final Database database;
    private final Lease lease;
    private final Outbox outbox;
    private final SilenceTable silences;
    private final AlertsMeters meters;
    private final InstantSource clock;
    private final Supplier<String> events;

    /// @param lease without which it does nothing
    /// @param events gives a message its name, another one each time
    AlertPipeline(
            Database database,
            Lease lease,
            Outbox outbox,
            SilenceTable silences,
            AlertsMeters meters,
            InstantSource clock,
            Supplier<String> events) {
        this.database = database;
        this.lease = lease;
        this.outbox = outbox;
        this.silences = silences;
        this.meters = meters;
        this.clock = clock;
        this.events = events;
    }

    /// What one transaction did.
    private record Batch(int incidents, int silenced, Set<ReceiverName> told, List<Drop> drops) {

        static Batch empty() {
            return new Batch(0, 0, new HashSet<>(), new ArrayList<>());
        }

        Batch plus(int more, int moreSilenced) {
            return new Batch(incidents + more, silenced + moreSilenced, told, drops);
        }
    }

    /// Does all that is due.
    ///
    /// @param told hears of the receivers for which there are new messages once these are on disk, also where what
    /// comes after them fails
    /// @throws dev.telltale.database.LeaseLost if another process does it now
    void turn(Consumer<ReceiverName> told) {
        Instant now = clock.instant();
        if (nextTurn().filter(due -> !due.isAfter(now)).isEmpty()) {
            return; // the writer is for those who have something to write
        }
        Batch batch;
        do {
            batch = database.writeFromReserve(this::batch);
            // Counted once it is on disk.
            batch.drops().forEach(meters::dropped);
            for (int i = 0; i < batch.silenced(); i++) {
                meters.silenced();
            }
            batch.told().forEach(told);
        } while (batch.incidents() == MOST_AT_ONCE);
    }

    /// When the next turn is due; empty if none before something changes.
    Optional<Instant> nextTurn() {
        return outbox.nextDue();
    }

    private Batch batch(Connection connection) throws SQLException {
        lease.require(connection);
        Instant now = clock.instant();
        List<Silence> current = silences.current();
        Batch batch = Batch.empty();
        for (Firing firing : outbox.due(connection, now, MOST_AT_ONCE)) {
            Optional<StoredReceiver> receiver = ReceiverTable.find(connection, firing.receiver());
            if (receiver.isEmpty()) {
                throw new IllegalStateException("an incident goes with its receiver");
            }
            Silencing.Outcome silencing = Silencing.of(firing.group(), current, now);
            switch (Repeating.of(firing, silencing, receiver.get().receiver(), now)) {
                case Repeating.Verdict.Tell tell -> {
                    add(connection, firing, tell.occasion(), tell.group(), now, batch);
                    outbox.told(connection, firing, silencing.leftOutOf(firing.group()), now, tell.again());
                    batch = batch.plus(1, 0);
                }
                case Repeating.Verdict.TellTheEnd end -> {
                    for (Occasion occasion : end.occasions()) {
                        add(connection, firing, occasion, end.group(), now, batch);
                    }
                    outbox.forget(connection, firing);
                    batch = batch.plus(1, 0);
                }
                case Repeating.Verdict.Wait wait -> {
                    outbox.lookAgain(connection, firing, wait.until());
                    batch = batch.plus(1, 0);
                }
                case Repeating.Verdict.WaitForChange() -> {
                    outbox.lookAgainOnChange(connection, firing);
                    batch = batch.plus(1, 0);
                }
                case Repeating.Verdict.Forget() -> {
                    outbox.forget(connection, firing);
                    batch = batch.plus(1, 1);
                }
            }
        }
        return batch;
    }

    private void add(
            Connection connection, Firing firing, Occasion occasion, AlertGroup group, Instant now, Batch batch)
            throws SQLException {
        Optional<Drop> drop = outbox.add(connection, firing.receiver(), events.get(), occasion, group, now);
        drop.ifPresent(one -> LOG.warn(
                "The queue of receiver {} is full: that incident {} {} will not be told",
                firing.receiver(),
                one.incident(),
                one.occasion()));
        drop.ifPresent(batch.drops()::add);
        batch.told().add(firing.receiver());
    }
}
