package dev.telltale.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// What a model found in a series with planted incidents, and how that compares with what was planted.
///
/// A row in the window's length after an incident belongs to it: its window still holds rows of it.
final class DemoFindings {

    /// Rows above the line: those of one incident, or consecutive ones that no incident explains.
    ///
    /// @param peak their highest score
    record Finding(long start, long end, double peak, Optional<DemoSeries.Incident> incident) {

        Finding until(long time, double score) {
            return new Finding(start, time, Math.max(peak, score), incident);
        }
    }

    private final List<DemoSeries.Incident> incidents;
    private final long aftermathMillis;
    private final List<Finding> findings = new ArrayList<>();
    private boolean lastWasAnomalous;
    private long unexplainedRows;
    private long falseAlarms;

    /// @param aftermathMillis how long after an incident windows still hold rows of it
    DemoFindings(List<DemoSeries.Incident> incidents, long aftermathMillis) {
        this.incidents = incidents;
        this.aftermathMillis = aftermathMillis;
    }

    /// Takes the next row.
    ///
    /// @param score absent where no full window ends in the row
    void add(long time, OptionalDouble score) {
        boolean anomalous = score.isPresent() && score.getAsDouble() > 1;
        Optional<DemoSeries.Incident> incident = explanation(time);
        if (incident.isEmpty()) {
            unexplainedRows++;
            falseAlarms += anomalous ? 1 : 0;
        }
        if (anomalous) {
            note(time, score.getAsDouble(), incident);
        }
        lastWasAnomalous = anomalous;
    }

    /// In the order of time.
    List<Finding> findings() {
        return List.copyOf(findings);
    }

    /// Incidents with a row above the line.
    long found() {
        return findings.stream()
                .filter(finding -> finding.incident().isPresent())
                .count();
    }

    /// Rows above the line among 1,000 that no incident explains.
    double falseAlarmsPer1000() {
        return unexplainedRows == 0 ? 0 : 1000.0 * falseAlarms / unexplainedRows;
    }

    private Optional<DemoSeries.Incident> explanation(long time) {
        return incidents.stream()
                .filter(incident -> incident.start() <= time && time <= incident.end() + aftermathMillis)
                .findFirst();
    }

    private void note(long time, double score, Optional<DemoSeries.Incident> incident) {
        boolean goesOn = !findings.isEmpty()
                && findings.getLast().incident().equals(incident)
                && (incident.isPresent() || lastWasAnomalous);
        findings.add(goesOn ? findings.removeLast().until(time, score) : new Finding(time, time, score, incident));
    }
}
