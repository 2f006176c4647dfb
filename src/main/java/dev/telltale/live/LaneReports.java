package dev.telltale.live;

import dev.telltale.live.LaneStatusTable.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says to other processes how far the lanes of this one have come: what has changed since it said so last, and now and
/// then that all is as it was.
final class LaneReports {

    private static final Logger LOG = LoggerFactory.getLogger(LaneReports.class);
    private static final int REPORTS_TO_TOUCH = 5;

    private final Supplies supplies;
    private final LaneStatusTable table;

    // Touched by who reports alone:
    private Map<Home, Map<Place, LaneStatus>> said = Map.of();
    private int reports;

    LaneReports(Supplies supplies, LaneStatusTable table) {
        this.supplies = supplies;
        this.table = table;
    }

    /// Of a partition it is said by its owner alone.
    void write(Collection<Lane> lanes) {
        boolean touches = ++reports % REPORTS_TO_TOUCH == 0;
        Map<Home, Map<Place, LaneStatus>> now = new TreeMap<>(Home.ORDER);
        lanes.forEach(lane -> look(lane, now));
        Map<Home, Map<Place, LaneStatus>> known = new HashMap<>();
        Set<Home> homes = new HashSet<>(now.keySet());
        homes.addAll(said.keySet());
        for (Home home : homes) {
            Map<Place, LaneStatus> before = said.getOrDefault(home, Map.of());
            Map<Place, LaneStatus> after = now.getOrDefault(home, Map.of());
            try {
                if (!before.equals(after) || touches) {
                    write(home, before, after);
                }
                if (!after.isEmpty()) {
                    known.put(home, after);
                }
            } catch (HomeLost lost) {
                LOG.debug("Another process tells of the partition", lost);
            } catch (RuntimeException e) { // all is said once it can be
                LOG.debug("Others do not hear how far detectors have come", e);
            }
        }
        said = known;
    }

    private void write(Home home, Map<Place, LaneStatus> before, Map<Place, LaneStatus> after) {
        Map<Place, LaneStatus> changed = new HashMap<>(after);
        before.forEach(changed::remove);
        List<Place> gone = new ArrayList<>(before.keySet());
        gone.removeAll(after.keySet());
        supplies.database().writeAlone(connection -> {
            supplies.homes().require(connection, List.of(home));
            LaneStatusTable.delete(connection, gone);
            LaneStatusTable.touch(connection, after.keySet());
            table.save(connection, changed);
            return true;
        });
    }

    private static void look(Lane lane, Map<Home, Map<Place, LaneStatus>> statuses) {
        Map<Home, List<WatchedSeries>> byHome =
                lane.watched().stream().collect(Collectors.groupingBy(WatchedSeries::home));
        Map<Integer, Integer> pending = lane.pending() == 0 ? Map.of() : lane.pendingByPartition();
        byHome.forEach((home, series) -> {
            Map<Long, Integer> warming = new HashMap<>();
            Set<Long> loading = new HashSet<>();
            for (WatchedSeries one : series) {
                switch (one.status().state()) {
                    case WARMING -> warming.put(one.first().id(), one.status().missing());
                    case LOADING -> loading.add(one.first().id());
                    case WATCHING, NO_DATA, ENDED -> {
                        // told by its row and its anomalies
                    }
                }
            }
            LaneStatus status = new LaneStatus(
                    pending.getOrDefault(home.partition(), 0),
                    Math.round(lane.lagSeconds() * 1_000),
                    lane.failure(),
                    warming,
                    loading);
            statuses.computeIfAbsent(home, first -> new HashMap<>())
                    .put(new Place(lane.id(), home.partition()), status);
        });
    }
}
