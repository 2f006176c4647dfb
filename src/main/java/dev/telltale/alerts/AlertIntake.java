package dev.telltale.alerts;

import dev.telltale.live.Incident;
import dev.telltale.live.IncidentListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where incidents come in: notes each in the transaction that stores it, so that none is lost, and leaves the rest
/// to others, so that none delays the scores.
final class AlertIntake implements IncidentListener {

    private static final Logger LOG = LoggerFactory.getLogger(AlertIntake.class);
    private static final int MOST_REMEMBERED = 1_000;

    private final Outbox outbox;
    private final AlertsMeters meters;
    private final Runnable news;
    private final Set<String> complained = ConcurrentHashMap.newKeySet();

    /// @param news called when what was noted is on disk
    AlertIntake(Outbox outbox, AlertsMeters meters, Runnable news) {
        this.outbox = outbox;
        this.meters = meters;
        this.news = news;
    }

    @Override
    public void changed(Incident incident, Connection connection) throws SQLException {
        for (String unknown : outbox.note(connection, Grouping.of(incident), incident.open(), incident.receivers())) {
            meters.unknownReceiver();
            if (complained.size() < MOST_REMEMBERED && complained.add(unknown)) {
                LOG.warn("Detector {} names the receiver {}, which there is not", incident.detector(), unknown);
            }
        }
    }

    @Override
    public void stored() {
        news.run();
    }
}
