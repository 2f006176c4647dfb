package dev.telltale.alerts;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is wrong with one series of an incident.
///
/// @param series its id
/// @param metric its name
/// @param labels its labels
/// @param score highest of the series in the incident
/// @param contribution share of the sum of all such scores of the incident, in [0, 1]
public record Alert(long series, String metric, Map<String, String> labels, double score, double contribution) {

    public static final String NAME = "TelltaleAnomaly";

    private static final String EXPORTED = "exported_";

    public Alert {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /// What names the alert: the labels of the series, `alertname`, `detector` and `metric`. They stay the same from
    /// incident to incident. Where a series has such a label itself, that one is `exported_…`, as Prometheus does.
    public SortedMap<String, String> labels(String detector) {
        SortedMap<String, String> own =
                new TreeMap<>(Map.of("alertname", NAME, "detector", detector, "metric", metric));
        SortedMap<String, String> all = new TreeMap<>(own);
        labels.forEach((name, value) -> {
            String free = name;
            while (own.containsKey(free) || (!free.equals(name) && labels.containsKey(free))) {
                free = EXPORTED + free;
            }
            all.put(free, value);
        });
        return all;
    }
}
