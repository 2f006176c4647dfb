package dev.telltale.live;

import dev.telltale.series.Series;
import java.util.List;

/// Anomalies of one detector that belong together in time, over all its series: what somebody is woken up for.
///
/// @param id given once, ascending
/// @param open false once all its anomalies are over and no other followed within the detector's gap
/// @param start of its first anomaly, epoch milliseconds UTC
/// @param end last moment known of its anomalies
/// @param peakTime when the highest score was
/// @param series those involved, the one with the highest score first, at most 100
/// @param seriesCount how many are involved, those that `series` has no room for included
/// @param anomalies how many belong to it; 0 once each was called a false alarm: it stands then as it did before
/// @param receivers of the detector: whom to tell
public record Incident(
        long id,
        DetectorName detector,
        boolean open,
        long start,
        long end,
        long peakTime,
        double peakScore,
        List<Involved> series,
        int seriesCount,
        int anomalies,
        List<String> receivers) {

    /// A series and its part in the incident.
    ///
    /// @param peakScore of its anomalies
    /// @param contribution share of the sum of all peak scores, in [0, 1]; the score of series that were judged
    ///     together is divided among them
    public record Involved(Series series, double peakScore, double contribution) {}

    public Incident {
        series = List.copyOf(series);
        receivers = List.copyOf(receivers);
    }

    /// An incident that lists all its series.
    public Incident(
            long id,
            DetectorName detector,
            boolean open,
            long start,
            long end,
            long peakTime,
            double peakScore,
            List<Involved> series,
            int anomalies,
            List<String> receivers) {
        this(id, detector, open, start, end, peakTime, peakScore, series, series.size(), anomalies, receivers);
    }
}
