package dev.telltale.live;

import dev.telltale.database.Counter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Changes of findings within one transaction. Each incident is brought up to date once, in the end, however
/// many of its anomalies changed.
final class Findings implements AutoCloseable {

    private final Connection connection;
    private final long now;
    private final Counter numbers;
    private final FoundSeries series;
    private final AnomalyRows anomalies;
    private final IncidentRows incidents;

    /// The incidents that are known here, as they stand so far.
    private final Map<Long, IncidentRow> rows = new HashMap<>();
    /// The open ones of each detector, the newest first.
    private final Map<DetectorName, List<Long>> open = new HashMap<>();
    /// Those to be written, as others saw them before; nothing where one begins.
    private final Map<Long, Optional<IncidentRow>> changed = new TreeMap<>();

    private final Set<Long> toWeigh = new HashSet<>();
    private final Set<Long> toRebuild = new HashSet<>();

    /// @param now epoch milliseconds of the clock that all go by
    /// @param numbers of changes of incidents; they become visible in their order
    Findings(Connection connection, long now, Counter numbers) throws SQLException {
        this.connection = connection;
        this.now = now;
        this.numbers = numbers;
        this.series = new FoundSeries(connection);
        this.anomalies = new AnomalyRows(connection, series, now);
        this.incidents = new IncidentRows(connection, series);
    }

    /// What a detector gives its incidents.
    ///
    /// @param gap milliseconds within which anomalies belong together
    record Terms(long gap, List<String> receivers) {}

    /// An anomaly that somebody will be told of from now on.
    ///
    /// @param place in the list in which it came
    private record Beginning(int place, Anomaly anomaly, Optional<AnomalyRows.Stored> before) {}

    /// Stores anomalies whole, each of which stands there once.
    ///
    /// @param began is told of those that were not stored before
    /// @return the same in their order, with their incidents and what is known of them only here
    List<Anomaly> store(List<Anomaly> given, Terms terms, Consumer<Anomaly> began) throws SQLException {
        Anomaly[] stored = new Anomaly[given.size()];
        List<Beginning> beginning = new ArrayList<>();
        for (int i = 0; i < stored.length; i++) {
            Anomaly one = given.get(i);
            Optional<AnomalyRows.Stored> before = anomalies.find(one.id());
            Anomaly anomaly = before.map(row -> row.judged(one)).orElseGet(() -> one.in(Optional.empty()));
            if (before.isEmpty()) {
                began.accept(anomaly);
            }
            if (anomaly.suppressed().isPresent() || anomaly.incident().isPresent()) {
                stored[i] = goOn(anomaly, before, terms);
            } else {
                beginning.add(new Beginning(i, anomaly, before));
            }
        }
        // Those that went on came first: what begins may belong to where they have got to.
        beginning.sort(Comparator.comparingLong(one -> one.anomaly().start()));
        for (Beginning one : beginning) {
            stored[one.place()] = begin(one.anomaly(), one.before(), terms);
        }
        return Arrays.asList(stored);
    }

    /// Stores what somebody said of an anomaly, which may leave its incident by that or come back to it.
    void judge(long id, Feedback feedback) throws SQLException {
        Optional<AnomalyRows.Stored> before = anomalies.find(id);
        anomalies.judge(id, feedback);
        Optional<AnomalyRows.Stored> after = anomalies.find(id);
        Optional<Long> incident = after.flatMap(AnomalyRows.Stored::incident);
        boolean stays = before.map(AnomalyRows.Stored::counts).equals(after.map(AnomalyRows.Stored::counts));
        if (incident.isPresent() && !stays) {
            rebuild(incident.get());
        }
    }

    /// Makes an incident anew of its anomalies: one has joined or left.
    private void rebuild(long incident) throws SQLException {
        Optional<IncidentRow> row = look(incident);
        if (row.isPresent()) {
            change(row.get());
            toRebuild.add(incident);
        }
    }

    /// Closes the incidents that nothing goes on in and that did not change for their gap.
    void closeQuiet() throws SQLException {
        for (IncidentRow quiet : incidents.quiet(now)) {
            rows.put(quiet.id(), quiet);
            change(quiet.closed());
        }
    }

    /// Ends all that is open of a detector.
    void endAll(DetectorName detector) throws SQLException {
        anomalies.endAll(detector);
        for (long id : openOf(detector)) {
            change(known(id).closed());
        }
    }

    /// Writes the incidents.
    ///
    /// @return those in which somebody would see a change
    List<Incident> finish() throws SQLException {
        List<Incident> news = new ArrayList<>();
        for (Map.Entry<Long, Optional<IncidentRow>> one : changed.entrySet()) {
            long id = one.getKey();
            IncidentRow row = finished(known(id));
            incidents.update(row, now);
            if (!one.getValue().filter(row::looksLike).isPresent()) {
                incidents.tell(id, numbers.take(connection, 1));
                news.add(incidents.incident(row));
            }
        }
        return news;
    }

    @Override
    public void close() throws SQLException {
        try (series;
                anomalies) {
            incidents.close();
        }
    }

    /// Stores an anomaly that is suppressed or has its incident already.
    private Anomaly goOn(Anomaly anomaly, Optional<AnomalyRows.Stored> before, Terms terms) throws SQLException {
        anomalies.write(anomaly, before);
        Optional<Long> incident = anomaly.incident();
        boolean counts = anomaly.suppressed().isEmpty();
        boolean countedBefore = before.filter(AnomalyRows.Stored::counts).isPresent();
        if (incident.isPresent() && counts != countedBefore) {
            rebuild(incident.get());
        } else if (incident.isPresent() && counts) {
            IncidentRow row = look(incident.get()).orElseThrow();
            change(row.told(terms.gap(), terms.receivers()).with(anomaly));
            if (before.filter(it -> it.peakScore() == anomaly.peak().score()).isEmpty()) {
                involve(row.id(), anomaly);
            }
        }
        return anomaly.in(counts ? incident : Optional.empty());
    }

    /// Stores an anomaly in the incident to which it belongs now, which begins with it where there is none.
    private Anomaly begin(Anomaly anomaly, Optional<AnomalyRows.Stored> before, Terms terms) throws SQLException {
        Optional<IncidentRow> near = Optional.empty();
        for (long id : openOf(anomaly.detector())) {
            near = Optional.of(known(id)).filter(row -> row.extent().isNear(anomaly, terms.gap()));
            if (near.isPresent()) {
                break;
            }
        }
        IncidentRow row = near.isPresent() ? near.get() : beginIncident(anomaly, terms);
        Anomaly assigned = anomaly.in(Optional.of(row.id()));
        anomalies.write(assigned, before);
        change(row.told(terms.gap(), terms.receivers()).withOneMore(anomaly));
        involve(row.id(), anomaly);
        return assigned;
    }

    private IncidentRow beginIncident(Anomaly anomaly, Terms terms) throws SQLException {
        IncidentRow row = incidents.insert(IncidentRow.beginning(anomaly, terms.gap(), terms.receivers()), now);
        rows.put(row.id(), row);
        changed.put(row.id(), Optional.empty());
        openOf(anomaly.detector()).addFirst(row.id());
        return row;
    }

    private void involve(long incident, Anomaly anomaly) throws SQLException {
        incidents.involve(incident, anomaly);
        toWeigh.add(incident);
    }

    private List<Long> openOf(DetectorName detector) throws SQLException {
        List<Long> known = open.get(detector);
        if (known != null) {
            return known;
        }
        List<Long> ids = new ArrayList<>();
        for (IncidentRow row : incidents.openOf(detector)) {
            rows.putIfAbsent(row.id(), row); // it may have changed here already
            ids.add(row.id());
        }
        open.put(detector, ids);
        return ids;
    }

    private IncidentRow known(long id) {
        IncidentRow row = rows.get(id);
        if (row == null) {
            throw new IllegalStateException("incident " + id + " was not looked at");
        }
        return row;
    }

    private Optional<IncidentRow> look(long id) throws SQLException {
        if (!rows.containsKey(id)) {
            incidents.find(id).ifPresent(row -> rows.put(id, row));
        }
        return Optional.ofNullable(rows.get(id));
    }

    private void change(IncidentRow now) {
        IncidentRow was = rows.put(now.id(), now);
        changed.putIfAbsent(now.id(), Optional.ofNullable(was));
    }

    private IncidentRow finished(IncidentRow row) throws SQLException {
        if (toRebuild.contains(row.id())) {
            return incidents.rebuilt(row);
        }
        return toWeigh.contains(row.id()) ? incidents.weighed(row) : row;
    }
}
