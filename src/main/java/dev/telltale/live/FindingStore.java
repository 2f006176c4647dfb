package dev.telltale.live;

import dev.telltale.database.ChangeListener;
import dev.telltale.database.Changes;
import dev.telltale.database.Counter;
import dev.telltale.database.Database;
import dev.telltale.database.Dialect;
import dev.telltale.http.News;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Anomalies and incidents on disk. Whoever watches stores what it found inside a transaction of its own, and
/// says here when that is on disk.
///
/// On a database that several processes share what was found waits in an inbox until one of them, `FindingMerger`,
/// makes incidents of it: only ordered writes change anomalies and incidents there.
final class FindingStore {

    private static final Logger LOG = LoggerFactory.getLogger(FindingStore.class);

    /// The kind of change by which processes hear of news of incidents.
    private static final String CHANGE = "incidents";
    /// Ids of anomalies that are taken at once, so that only one of many waits for the disk.
    private static final int IDS = 32;
    /// Rows of the inbox in one transaction.
    private static final int MOST_ROWS = 100;

    private final Database database;
    private final boolean isShared;
    private final Changes changes;
    private final InstantSource clock;
    private final List<IncidentListener> listeners;
    private final FindingMeters meters;
    private final News news = new News();
    private final Counter ids;
    private final Counter numbers;

    /// @param clock that all processes on the database go by
    FindingStore(
            Database database,
            Changes changes,
            InstantSource clock,
            List<IncidentListener> listeners,
            FindingMeters meters) {
        this.database = database;
        this.isShared = database.dialect() == Dialect.POSTGRESQL;
        this.changes = changes;
        this.clock = clock;
        this.listeners = List.copyOf(listeners);
        this.meters = meters;
        this.ids = new Counter(database, "anomaly", IDS);
        this.numbers = new Counter(database, "incident_news", 1);
        changes.listen(CHANGE, new Follower());
    }

    /// Hears that incidents changed, whichever process did that.
    private final class Follower implements ChangeListener {

        @Override
        public void changed(String subject) {
            announce();
        }

        @Override
        public void all() {
            announce();
        }
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
    /// Called in a transaction; `IncidentListener`s hear of each incident that looks otherwise then. On a shared
    /// database all of that is done a moment after it was committed.
    ///
    /// @param receivers of the detector: whom to tell
    /// @return the same in their order with their incidents, and with what was said of them; on a shared
    ///     database as they came
    List<Anomaly> store(Connection connection, List<String> receivers, Duration gap, List<Anomaly> changed)
            throws SQLException {
        if (isShared) {
            FindingInbox.put(connection, receivers, gap, changed);
            return changed;
        }
        try (Findings findings = findings(connection, clock.millis())) {
            List<Anomaly> stored =
                    findings.store(changed, new Findings.Terms(gap.toMillis(), receivers), meters::began);
            tell(findings.finish(), connection);
            return stored;
        }
    }

    /// What one who alone may do it has done in a transaction.
    ///
    /// @param count rows of the inbox that are merged, and incidents that were closed
    /// @param isAll whether there were no more rows then
    /// @param began anomalies that nobody knew before, to be counted once they are on disk
    record Merged(int count, boolean isAll, List<Anomaly> began) {

        private static final Merged NOTHING = new Merged(0, true, List.of());
    }

    /// Makes incidents of the first rows of the inbox. Called in an ordered write.
    Merged merge(Connection connection) throws SQLException {
        FindingInbox.Rows first = FindingInbox.first(connection, MOST_ROWS);
        List<Anomaly> began = new ArrayList<>();
        merge(connection, first.rows(), began::add);
        return new Merged(first.rows().size(), first.isAll(), began);
    }

    /// The same of one row, if it is there still.
    Merged merge(Connection connection, long row) throws SQLException {
        List<FindingInbox.Row> rows = FindingInbox.byId(connection, row);
        List<Anomaly> began = new ArrayList<>();
        merge(connection, rows, began::add);
        return new Merged(rows.size(), true, began);
    }

    /// The same of a row that was set aside when it could not be merged. What was stored of its anomalies since is
    /// newer, and stays.
    Merged mergeLate(Connection connection, long row) throws SQLException {
        List<Anomaly> began = new ArrayList<>();
        List<FindingInbox.Row> rows = FindingInbox.byId(connection, row);
        try (Findings findings = findings(connection, clock.millis())) {
            for (FindingInbox.Row late : rows) {
                List<Anomaly> news = new ArrayList<>();
                for (Anomaly anomaly : late.found()) {
                    if (!isOutdated(connection, anomaly)) {
                        news.add(anomaly);
                    }
                }
                findings.store(news, late.terms(), began::add);
                endIfGone(connection, findings, late.name());
            }
            FindingInbox.delete(connection, rows);
            tell(findings.finish(), connection);
        }
        return new Merged(rows.size(), true, began);
    }

    /// Whether what was stored of an anomaly is newer than a row of it that was set aside.
    private static boolean isOutdated(Connection connection, Anomaly late) throws SQLException {
        return AnomalyReader.find(connection, late.id())
                .map(JudgedAnomaly::anomaly)
                .filter(stored -> !stored.open() || (late.open() && stored.end() > late.end()))
                .isPresent();
    }

    /// Counts what was merged and tells of it, once it is on disk.
    void merged(Merged merged) {
        merged.began().forEach(meters::began);
        if (merged.count() > 0) {
            announce();
        }
    }

    /// Each incident is brought up to date once, however many rows tell of it.
    private void merge(Connection connection, List<FindingInbox.Row> rows, Consumer<Anomaly> began)
            throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        try (Findings findings = findings(connection, clock.millis())) {
            for (FindingInbox.Row row : rows) {
                findings.store(row.found(), row.terms(), began);
            }
            for (DetectorName detector :
                    rows.stream().map(FindingInbox.Row::name).distinct().toList()) {
                endIfGone(connection, findings, detector);
            }
            FindingInbox.delete(connection, rows);
            tell(findings.finish(), connection);
        }
    }

    /// Nobody else would end what is open of a detector that is no more.
    private static void endIfGone(Connection connection, Findings findings, DetectorName detector) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM detector WHERE name = ?")) {
            select.setString(1, detector.value());
            try (ResultSet row = select.executeQuery()) {
                if (!row.next()) {
                    findings.endAll(detector);
                }
            }
        }
    }

    /// Stores what somebody said of an anomaly; the last counts. A false alarm leaves its incident, which is closed
    /// where it was the last.
    void judge(Connection connection, long anomalyId, Feedback feedback) throws SQLException {
        try (Findings findings = findings(connection, clock.millis())) {
            findings.judge(anomalyId, feedback);
            tell(findings.finish(), connection);
        }
    }

    /// Closes the incidents that nothing goes on in and that did not change for their gap.
    ///
    /// @return those, as they are now
    List<Incident> closeQuiet(Connection connection, Instant now) throws SQLException {
        try (Findings findings = findings(connection, now.toEpochMilli())) {
            findings.closeQuiet();
            return tell(findings.finish(), connection);
        }
    }

    /// The same after all is merged that may be of these incidents. Where that is too much for one transaction none
    /// is closed.
    Merged closeUpToDate(Connection connection, Instant now) throws SQLException {
        Merged merged = isShared ? merge(connection) : Merged.NOTHING;
        if (!merged.isAll()) {
            return merged;
        }
        List<Incident> closed = closeQuiet(connection, now);
        return new Merged(merged.count() + closed.size(), true, merged.began());
    }

    /// Whether `closeQuiet` would close any.
    boolean hasQuiet(Instant now) {
        return database.read(connection -> IncidentReader.hasQuiet(connection, now.toEpochMilli()));
    }

    /// How many turns of detectors wait to be merged.
    long countWaiting() {
        return isShared ? database.read(FindingInbox::count) : 0;
    }

    long countOpen() {
        return database.read(IncidentReader::countOpen);
    }

    /// Ends the open anomalies and incidents of a detector that is no more. They stay readable.
    void forget(Connection connection, DetectorName detector) throws SQLException {
        if (isShared) {
            lock(connection, detector);
            merge(connection, FindingInbox.of(connection, detector), meters::began);
        }
        try (Findings findings = findings(connection, clock.millis())) {
            findings.endAll(detector);
            tell(findings.finish(), connection);
        }
    }

    /// Waits for the transactions in which the detector stores what it found, and lets none begin before this one has
    /// ended.
    private static void lock(Connection connection, DetectorName detector) throws SQLException {
        try (PreparedStatement lock =
                connection.prepareStatement("SELECT id FROM detector WHERE name = ? FOR UPDATE")) {
            lock.setString(1, detector.value());
            lock.execute();
        }
    }

    /// What was stored is on disk: those who follow incidents may look. On a shared database there is nothing to see
    /// before it is merged; then they hear of it.
    void announceStored() {
        if (!isShared) {
            announce();
        }
    }

    /// Incidents changed: those who follow them may look.
    void announce() {
        listeners.forEach(IncidentListener::stored);
        news.announce();
    }

    /// The anomalies of a detector that may go on, the newest first: as they were given last, merged or not.
    List<Anomaly> open(DetectorName detector) {
        return database.read(connection -> open(connection, detector));
    }

    List<Anomaly> open(Connection connection, DetectorName detector) throws SQLException {
        List<Anomaly> stored = AnomalyReader.openOf(connection, detector).stream()
                .map(JudgedAnomaly::anomaly)
                .toList();
        return isShared ? withWaiting(connection, detector, stored) : stored;
    }

    private static List<Anomaly> withWaiting(Connection connection, DetectorName detector, List<Anomaly> stored)
            throws SQLException {
        Map<Long, Anomaly> latest = new LinkedHashMap<>();
        stored.forEach(anomaly -> latest.put(anomaly.id(), anomaly));
        for (FindingInbox.Row row : FindingInbox.allOf(connection, detector)) {
            for (Anomaly anomaly : found(row)) {
                if (!row.isAside() || !isOutdated(connection, anomaly)) {
                    latest.put(anomaly.id(), anomaly);
                }
            }
        }
        List<Anomaly> open = new ArrayList<>();
        try (FoundSeries series = new FoundSeries(connection);
                AnomalyRows rows = new AnomalyRows(connection, series, 0)) {
            for (Anomaly anomaly : latest.values()) {
                if (anomaly.open()) {
                    open.add(rows.find(anomaly.id())
                            .map(before -> before.judged(anomaly))
                            .orElse(anomaly));
                }
            }
        }
        open.sort((one, other) -> Long.compare(other.id(), one.id()));
        return open;
    }

    /// What cannot be read is told of by who merges; it must not keep its detector from going on.
    private static List<Anomaly> found(FindingInbox.Row row) {
        try {
            return row.found();
        } catch (RuntimeException unreadable) {
            LOG.debug("Row {} of finding_inbox cannot be read", row.id(), unreadable);
            return List.of();
        }
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
        return database.read(
                connection -> IncidentReader.newsAfter(connection, numbers.last(connection), lastId, filter, limit));
    }

    /// Tells those who follow incidents that there may be news.
    News news() {
        return news;
    }

    private Findings findings(Connection connection, long now) throws SQLException {
        return new Findings(connection, now, numbers);
    }

    private List<Incident> tell(List<Incident> changed, Connection connection) throws SQLException {
        if (!changed.isEmpty()) {
            changes.note(connection, CHANGE, "");
        }
        for (Incident incident : changed) {
            for (IncidentListener listener : listeners) {
                listener.changed(incident, connection);
            }
        }
        return changed;
    }
}
