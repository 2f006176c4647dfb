package dev.telltale.egress;

import dev.telltale.live.DetectorName;
import dev.telltale.live.ScoreSeries;
import dev.telltale.series.SeriesKey;
import java.util.SortedMap;
import java.util.TreeMap;

/// Labels of scores as Prometheus takes them: it keeps names that begin with `__` for itself, so `exported` is set
/// before these, as it does with names that it needs.
final class PrometheusLabels {

    private static final String RESERVED = "__";

    private PrometheusLabels() {}

    /// The labels of all series of scores that a detector gives to a series, by name.
    static SortedMap<String, String> of(DetectorName detector, SeriesKey watched) {
        SortedMap<String, String> labels = new TreeMap<>(ScoreSeries.labels(detector, watched));
        for (String reserved : labels.keySet().stream()
                .filter(name -> name.startsWith(RESERVED))
                .toList()) {
            String value = labels.remove(reserved);
            String free = "exported" + reserved;
            while (labels.containsKey(free)) {
                free = "exported_" + free;
            }
            labels.put(free, value);
        }
        return labels;
    }
}
