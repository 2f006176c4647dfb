package dev.telltale.live;

import dev.telltale.http.EntityTag;
import dev.telltale.problem.Problem;
import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the series are called that hold scores: `telltale_score`, with the labels of what is watched and, of the
/// same kind, `detector` and `metric`. A label that has one of these names already is `exported_` of it, as in
/// Prometheus.
public final class ScoreSeries {

    /// Name of all series of scores. None of them is watched.
    public static final String NAME = "telltale_score";

    private static final String DETECTOR = "detector";
    private static final String METRIC = "metric";

    private ScoreSeries() {}

    /// The series of the scores that a detector gives to another series.
    static SeriesKey of(DetectorName detector, SeriesKey watched) {
        try {
            return new SeriesKey(NAME, Labels.of(labels(detector, watched)));
        } catch (Problem tooManyLabels) {
            return new SeriesKey(
                    NAME,
                    Labels.of(Map.of(
                            DETECTOR,
                            detector.value(),
                            METRIC,
                            watched.name(),
                            "series",
                            EntityTag.hashing(watched.toString()).value())));
        }
    }

    /// The labels that tell scores of one detector and series from others.
    public static Map<String, String> labels(DetectorName detector, SeriesKey watched) {
        Map<String, String> source = watched.labels().values();
        Map<String, String> labels = new HashMap<>(source);
        for (String ours : List.of(DETECTOR, METRIC)) {
            String theirs = labels.remove(ours);
            if (theirs != null) {
                labels.put(free(ours, source), theirs);
            }
        }
        labels.put(DETECTOR, detector.value());
        labels.put(METRIC, watched.name());
        return labels;
    }

    private static String free(String name, Map<String, String> taken) {
        String free = "exported_" + name;
        return taken.containsKey(free) ? free(free, taken) : free;
    }
}
