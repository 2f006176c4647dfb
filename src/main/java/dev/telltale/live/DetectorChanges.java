package dev.telltale.live;

import dev.telltale.http.Conditions;
import dev.telltale.http.EntityTag;
import dev.telltale.models.ModelName;
import dev.telltale.models.ModelUse;
import dev.telltale.problem.Problem;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Makes, changes and ends detectors on disk, whichever process scores their series: each in one transaction that looks
/// before it changes something, so that it does not matter who does it. Whoever scores hears of it then.
final class DetectorChanges implements ModelUse {

    /// Of what is noted when a detector has changed, with its name.
    static final String KIND = "detector";

    private final Supplies supplies;
    private final DetectorTable table;

    DetectorChanges(Supplies supplies) {
        this.supplies = supplies;
        this.table = supplies.detectors();
    }

    /// What became of a request.
    enum Put {
        MADE,
        CHANGED,
        UNCHANGED,
    }

    /// Series that a detector is to watch.
    ///
    /// @param channels ids of those that are judged together
    /// @param scores id of the series of their scores
    /// @param newest time up to which what is stored of them is past
    private record Planned(List<Long> channels, long scores, OptionalLong newest) {

        WatchTable.Row begin() {
            return WatchTable.Row.begin(channels, scores, newest);
        }
    }

    /// All that a detector is to watch from now on.
    ///
    /// @param before the detector of this name for which that was found out
    /// @param series by the first of those that are judged together
    private record Plan(Optional<DetectorTable.Row> before, Map<Long, Planned> series) {}

    /// Names what is specified of a detector.
    static EntityTag tag(Detector detector) {
        return EntityTag.hashing(DetectorForm.of(detector).toString());
    }

    static Problem notFound(DetectorName name) {
        return LiveProblem.DETECTOR_NOT_FOUND.because(
                "no detector is named '%s'; GET /api/v1/detectors lists those there are", name);
    }

    /// Makes a detector, or specifies one anew. The series that it selects are watched from now on.
    ///
    /// @throws Problem if there is no such model or receiver, the model cannot judge rows as they arrive, or
    ///     there are as many detectors as may be
    Put put(Detector detector, Conditions conditions) {
        while (true) {
            Optional<DetectorTable.Row> before =
                    supplies.database().read(connection -> checked(connection, detector, conditions));
            List<SeriesKey> sources = Bindings.sources(supplies, detector.model());
            if (isSame(before, detector)) {
                return Put.UNCHANGED;
            }
            Plan plan = plan(before, detector, sources);
            Optional<Put> done = put(detector, conditions, plan);
            if (done.isPresent()) {
                supplies.findings().announceStored();
                return done.get();
            }
        }
    }

    /// @return empty if the detector is another one than that of the plan by now
    private Optional<Put> put(Detector detector, Conditions conditions, Plan plan) {
        boolean done = false;
        try {
            Optional<Put> put = supplies.database().write(connection -> put(connection, detector, conditions, plan));
            done = put.isPresent();
            return put;
        } finally {
            if (!done) {
                Watching.discard(
                        supplies,
                        plan.series().values().stream().map(Planned::scores).toList());
            }
        }
    }

    /// The detector of this name, if it may be changed.
    private Optional<DetectorTable.Row> checked(Connection connection, Detector detector, Conditions conditions)
            throws SQLException {
        Optional<DetectorTable.Row> before = table.find(connection, detector.name());
        conditions.check(before.map(row -> tag(row.detector())));
        if (before.isEmpty() && table.count(connection) >= supplies.properties().detectorLimit()) {
            throw LiveProblem.DETECTOR_LIMIT.because(
                    "there are %d detectors, as many as telltale.live.detector-limit allows", table.count(connection));
        }
        for (String receiver : detector.receivers()) {
            if (!supplies.receivers().has(connection, receiver)) {
                throw LiveProblem.RECEIVER_UNKNOWN.because(
                        "there is no receiver '%s'; PUT /api/v1/receivers/%s makes it", receiver, receiver);
            }
        }
        return before;
    }

    private static boolean isSame(Optional<DetectorTable.Row> before, Detector detector) {
        return before.isPresent() && tag(before.get().detector()).equals(tag(detector));
    }

    private static boolean isSameRow(Optional<DetectorTable.Row> one, Optional<DetectorTable.Row> other) {
        return one.isPresent() == other.isPresent()
                && (one.isEmpty()
                        || (one.get().id() == other.orElseThrow().id()
                                && one.get().revision() == other.get().revision()));
    }

    /// Whether rows are judged as they were: what is known of series counts on then.
    private static boolean isSameJudge(Optional<DetectorTable.Row> before, Detector detector) {
        return before.map(DetectorTable.Row::detector)
                .filter(old -> old.model().equals(detector.model()) && old.scale() == detector.scale())
                .isPresent();
    }

    private Plan plan(Optional<DetectorTable.Row> before, Detector detector, List<SeriesKey> sources) {
        Map<Long, WatchTable.Row> known = before.map(row -> supplies.watches().of(row.id())).orElse(List.of()).stream()
                .collect(Collectors.toMap(WatchTable.Row::series, row -> row));
        Binding binding = new Binding(sources);
        List<List<Series>> selected = new ArrayList<>();
        for (Series series : supplies.store().select(detector.select(), 0, Integer.MAX_VALUE)) {
            Optional<List<Series>> unit = Routes.isOpen(series) ? binding.add(series) : Optional.empty();
            unit.ifPresent(selected::add);
        }
        // This tells too which of them were deleted.
        List<OptionalLong> newest = supplies.store()
                .newest(selected.stream().map(unit -> unit.getFirst().id()).toList());
        List<List<Series>> units = new ArrayList<>();
        List<List<Series>> fresh = new ArrayList<>();
        Map<Long, OptionalLong> past = new HashMap<>();
        for (int i = 0; i < selected.size(); i++) {
            long first = selected.get(i).getFirst().id();
            if (supplies.store().find(first).isPresent()) {
                (known.containsKey(first) ? units : fresh).add(selected.get(i));
                past.put(first, newest.get(i));
            }
        }
        int room = Math.max(0, supplies.properties().watchLimit() - units.size());
        units.addAll(fresh.subList(0, Math.min(room, fresh.size())));
        List<Optional<Series>> scores = Watching.scores(supplies, detector.name(), units);
        Map<Long, Planned> planned = new HashMap<>();
        for (int i = 0; i < units.size(); i++) {
            List<Long> channels = units.get(i).stream().map(Series::id).toList();
            long first = channels.getFirst();
            scores.get(i)
                    .ifPresent(series -> planned.put(
                            first, new Planned(channels, series.id(), past.getOrDefault(first, OptionalLong.empty()))));
        }
        return new Plan(before, planned);
    }

    private Optional<Put> put(Connection connection, Detector detector, Conditions conditions, Plan plan)
            throws SQLException {
        OptionalLong id = table.idToChange(connection, detector.name());
        Optional<DetectorTable.Row> before = checked(connection, detector, conditions);
        if (!isSameRow(before, plan.before())) {
            return Optional.empty();
        }
        supplies.scoring().requirePresent(connection, detector.model());
        List<WatchTable.Row> known = id.isPresent() ? supplies.watches().of(connection, id.getAsLong()) : List.of();
        DetectorTable.Row saved = table.save(connection, detector);
        boolean sameJudge = isSameJudge(before, detector);
        Map<Long, Planned> missing = new HashMap<>(plan.series());
        Set<Long> goOn = new HashSet<>();
        for (WatchTable.Row row : known) {
            Planned planned = missing.get(row.series());
            if (planned == null) {
                WatchTable.delete(connection, saved.id(), row.series());
            } else if (sameJudge && planned.channels().equals(row.channels())) {
                missing.remove(row.series());
                goOn.add(row.series());
            }
        }
        supplies.watches()
                .save(
                        connection,
                        saved.id(),
                        missing.values().stream().map(Planned::begin).toList());
        List<Anomaly> over = supplies.findings().open(connection, detector.name()).stream()
                .filter(anomaly ->
                        !goOn.contains(anomaly.parts().getFirst().series().id()))
                .map(anomaly -> Alarm.closed(anomaly, anomaly.end()))
                .toList();
        if (!over.isEmpty()) {
            supplies.findings()
                    .store(
                            connection,
                            detector.receivers(),
                            supplies.properties().incidentGap(),
                            over);
        }
        supplies.changes().note(connection, KIND, detector.name().value());
        return Optional.of(before.isPresent() ? Put.CHANGED : Put.MADE);
    }

    /// Ends a detector; its anomalies stay.
    ///
    /// @return ids of the series of its scores, which are of no use any more
    /// @throws Problem if there is none of this name
    List<Long> delete(DetectorName name, Conditions conditions) {
        List<Long> scores = supplies.database().writeFromReserve(connection -> {
            OptionalLong id = table.idToChange(connection, name);
            table.find(connection, name).ifPresent(found -> conditions.check(tag(found.detector())));
            if (id.isEmpty()) {
                throw notFound(name);
            }
            List<Long> used = supplies.watches().of(connection, id.getAsLong()).stream()
                    .map(WatchTable.Row::scores)
                    .toList();
            supplies.findings().forget(connection, name);
            DetectorTable.delete(connection, id.getAsLong());
            supplies.changes().note(connection, KIND, name.value());
            return used;
        });
        supplies.findings().announceStored();
        return scores;
    }

    @Override
    public Optional<String> userOf(Connection connection, ModelName model) throws SQLException {
        return DetectorTable.userOf(connection, model).map(name -> "detector '" + name + "'");
    }
}
