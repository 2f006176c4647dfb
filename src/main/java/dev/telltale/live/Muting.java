package dev.telltale.live;

import dev.telltale.models.RowScorer;
import dev.telltale.models.WindowShape;
import dev.telltale.signal.Grid;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// What the false alarms of a detector looked like, from their stored samples.
final class Muting {

    /// Windows that are remembered of a series, those of its newest false alarms.
    private static final int MOST_WINDOWS = 64;

    /// False alarms of all series that are remembered, the newest.
    private static final int MOST_FALSE_ALARMS = 10_000;

    private final Supplies supplies;
    private final DetectorName detector;
    private Optional<Map<Long, List<Anomaly>>> falseAlarms = Optional.empty(); // by series; empty before they are read

    Muting(Supplies supplies, DetectorName detector) {
        this.supplies = supplies;
        this.detector = detector;
    }

    /// Somebody said something of an anomaly.
    void forget() {
        falseAlarms = Optional.empty();
    }

    /// The windows of a series whose like is not to be told of.
    List<WindowShape> windows(WatchedSeries series, RowScorer scorer) {
        List<WindowShape> windows = new ArrayList<>();
        Grid grid = series.basis().grid();
        StoredRows stored = new StoredRows(supplies, scorer);
        for (Anomaly alarm : falseAlarms().getOrDefault(series.first().id(), List.of())) {
            int room = MOST_WINDOWS - windows.size();
            if (room > 0) {
                long firstRow = grid.rowAt(alarm.start());
                long lastRow = Math.min(grid.rowAt(alarm.end()), firstRow + room - 1);
                windows.addAll(scorer.shapes(stored.queryOfPast(series, firstRow, lastRow)));
            }
        }
        return windows;
    }

    private Map<Long, List<Anomaly>> falseAlarms() {
        if (falseAlarms.isEmpty()) {
            falseAlarms = Optional.of(supplies.findings().falseAlarms(detector, MOST_FALSE_ALARMS).stream()
                    .filter(anomaly -> anomaly.kind() == Anomaly.Kind.SCORE)
                    .collect(Collectors.groupingBy(
                            anomaly -> anomaly.parts().getFirst().series().id())));
        }
        return falseAlarms.get();
    }
}
