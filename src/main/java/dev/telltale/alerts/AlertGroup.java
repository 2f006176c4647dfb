package dev.telltale.alerts;

import java.util.List;

/// The alerts of one incident, one for each series involved: what a receiver is told at once.
///
/// @param incident its id
/// @param detector that watches the series
/// @param start epoch milliseconds UTC
/// @param end last moment known of, epoch milliseconds UTC
/// @param peakTime when the highest score was, epoch milliseconds UTC
/// @param anomalies how many belong to the incident; 0 once each was called a false alarm
/// @param involved how many series are, those without an alert here included
/// @param alerts the one with the highest score first
public record AlertGroup(
        long incident,
        String detector,
        long start,
        long end,
        long peakTime,
        double peakScore,
        int anomalies,
        int involved,
        List<Alert> alerts) {

    public AlertGroup {
        alerts = List.copyOf(alerts);
    }

    /// The same incident with these of its alerts alone.
    AlertGroup with(List<Alert> some) {
        return new AlertGroup(
                incident, detector, start, end, peakTime, peakScore, anomalies, involved, List.copyOf(some));
    }
}
