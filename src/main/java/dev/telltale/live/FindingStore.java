package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.http.News;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Anomalies and incidents on disk. Whoever watches stores what it found inside a transaction of its own, and
/// says here when that is on disk.
final class FindingStore {

    private final Database database;
    private final InstantSource clock;
    private final List<IncidentListener> listeners;
    private final FindingMeters meters;
    private final News news = new News();
    private final AnomalyIds ids;

    FindingStore(Database database, InstantSource clock, List<IncidentListener> listeners, FindingMeters meters) {
        this.database = database;
        this.clock = clock;
        this.listeners = List.copyOf(listeners);
        this.meters = meters;
        this.ids = new AnomalyIds(database);
    }

    /// The id of an anomaly that begins: above all that any had.
    ///
    /// @throws dev.telltale.problem.Problem if the store takes no writes now
    long nextId() {
        return ids.next();
    }

    /// Stores anomalies that began, grew or ended, each of them whole and once. Those that are not suppressed get
    /// an incident of their detector: one that is open and not further away than `gap`, or a new one.
    ///
    /// Called in a transaction; `IncidentListener`s hear of each incident that looks otherwise then.
    ///
    /// @param receivers of the detector: whom to tell
    /// @return the same in their order with their incidents, and with what was said of them
    List<Anomaly> store(Connection connection, List<String> receivers, Duration gap, List<Anomaly> changed)
            throws SQLException {
        try (Findings findings = new Findings(connection, clock.millis())) {
            List<Anomaly> stored =
                    findings.store(changed, new Findings.Terms(gap.toMillis(), receivers), meters::began);
            tell(findings.finish(), connection);
            return stored;
        }
    }

    /// Stores what somebody said of an anomaly; the last counts. A false alarm leaves its incident, which is closed
    /// where it was the last.
    void judge(Connection connection, long anomalyId, Feedback feedback) throws SQLException {
        try (Findings findings = new Findings(connection, clock.millis())) {
            findings.judge(anomalyId, feedback);
            tell(findings.finish(), connection);
        }
    }

    /// Closes the incidents that nothing goes on in and that did not change for their gap.
    ///
    /// @return those, as they are now
    List<Incident> closeQuiet(Connection connection, Instant now) throws SQLException {
        try (Findings findings = new Findings(connection, now.toEpochMilli())) {
            findings.closeQuiet();
            return tell(findings.finish(), connection);
        }
    }

    /// Whether `closeQuiet` would close any.
    boolean hasQuiet(Instant now) {
        return database.read(connection -> IncidentReader.hasQuiet(connection, now.toEpochMilli()));
    }

    long countOpen() {
        return database.read(IncidentReader::countOpen);
    }

    /// Ends the open anomalies and incidents of a detector that is no more. They stay readable.
    void forget(Connection connection, DetectorName detector) throws SQLException {
        try (Findings findings = new Findings(connection, clock.millis())) {
            findings.endAll(detector);
            tell(findings.finish(), connection);
        }
    }

    /// What was stored is on disk: those who follow incidents may look.
    void announceStored() {
        listeners.forEach(IncidentListener::stored);
        news.announce();
    }

    /// The anomalies of a detector that may go on, the newest first.
    List<Anomaly> open(DetectorName detector) {
        return database.read(connection -> AnomalyReader.openOf(connection, detector)).stream()
                .map(JudgedAnomaly::anomaly)
                .toList();
    }

    /// The anomalies of a detector that somebody called false alarms, the newest first.
    ///
    /// @param limit most of them
    List<Anomaly> falseAlarms(DetectorName detector, int limit) {
        return database.read(connection -> AnomalyReader.falseAlarmsOf(connection, detector, limit)).stream()
                .map(JudgedAnomaly::anomaly)
                .toList();
    }

    Optional<JudgedAnomaly> find(long id) {
        return database.read(connection -> AnomalyReader.find(connection, id));
    }

    /// Anomalies that a filter lets pass, the newest first.
    ///
    /// @param incident only of this one, if given
    /// @param beforeId only with ids below this one
    List<JudgedAnomaly> newest(FindingFilter filter, Optional<Long> incident, long beforeId, int limit) {
        return database.read(connection -> AnomalyReader.newest(connection, filter, incident, beforeId, limit));
    }

    Optional<Incident> incident(long id) {
        return database.read(connection -> IncidentReader.find(connection, id));
    }

    /// Incidents that a filter lets pass, the newest first.
    ///
    /// @param beforeId only with ids below this one
    List<Incident> newestIncidents(FindingFilter filter, long beforeId, int limit) {
        return database.read(connection -> IncidentReader.newest(connection, filter, beforeId, limit));
    }

    /// News of incidents in the order in which they came, those after `lastId` only.
    IncidentReader.News newsAfter(long lastId, FindingFilter filter, int limit) {
        return database.read(connection -> IncidentReader.newsAfter(connection, lastId, filter, limit));
    }

    /// Tells those who follow incidents that there may be news.
    News news() {
        return news;
    }

    private List<Incident> tell(List<Incident> changed, Connection connection) throws SQLException {
        for (Incident incident : changed) {
            for (IncidentListener listener : listeners) {
                listener.changed(incident, connection);
            }
        }
        return changed;
    }
}
