package dev.telltale.alerts;

import dev.telltale.live.Incident;

/// The first stage: an incident becomes one group of alerts.
final class Grouping {

    /// Alerts of one group. An incident of a thousand series is one thing that happened, not a thousand.
    static final int MOST_ALERTS = 100;

    private Grouping() {}

    static AlertGroup of(Incident incident) {
        return new AlertGroup(
                incident.id(),
                incident.detector().value(),
                incident.start(),
                incident.end(),
                incident.peakTime(),
                incident.peakScore(),
                incident.anomalies(),
                incident.seriesCount(),
                incident.series().stream()
                        .limit(MOST_ALERTS)
                        .map(involved -> new Alert(
                                involved.series().id(),
                                involved.series().name(),
                                involved.series().labels().values(),
                                involved.peakScore(),
                                involved.contribution()))
                        .toList());
    }
}
