package dev.telltale.live;

import java.util.List;

/// An incident as it stands in its table.
///
/// @param id 0 before it has one
/// @param anomalies how many belong to it
/// @param series how many are involved
/// @param weight sum of what its series weigh
/// @param gap milliseconds within which another anomaly still belongs to it
record IncidentRow(
        long id,
        DetectorName detector,
        boolean open,
        Extent extent,
        int anomalies,
        int series,
        double weight,
        long gap,
        List<String> receivers) {

    IncidentRow {
        receivers = List.copyOf(receivers);
    }

    /// One that begins where an anomaly does, and has none yet.
    static IncidentRow beginning(Anomaly anomaly, long gap, List<String> receivers) {
        return new IncidentRow(0, anomaly.detector(), true, Extent.of(anomaly), 0, 0, 0, gap, receivers);
    }

    IncidentRow withId(long given) {
        return new IncidentRow(given, detector, open, extent, anomalies, series, weight, gap, receivers);
    }

    /// The same with one of its anomalies as it is now. It is open if that may go on.
    IncidentRow with(Anomaly anomaly) {
        boolean goesOn = open || anomaly.open();
        return new IncidentRow(id, detector, goesOn, extent.with(anomaly), anomalies, series, weight, gap, receivers);
    }

    IncidentRow withOneMore(Anomaly anomaly) {
        return new IncidentRow(id, detector, open, extent, anomalies + 1, series, weight, gap, receivers).with(anomaly);
    }

    IncidentRow withAnomalies(int count, boolean goesOn, Extent other) {
        return new IncidentRow(id, detector, goesOn, other, count, series, weight, gap, receivers);
    }

    IncidentRow withSeries(int count, double sum) {
        return new IncidentRow(id, detector, open, extent, anomalies, count, sum, gap, receivers);
    }

    IncidentRow told(long otherGap, List<String> others) {
        return new IncidentRow(id, detector, open, extent, anomalies, series, weight, otherGap, others);
    }

    IncidentRow closed() {
        return new IncidentRow(id, detector, false, extent, anomalies, series, weight, gap, receivers);
    }

    /// Whether somebody who looks at both sees the same.
    boolean looksLike(IncidentRow other) {
        return told(0, receivers).equals(other.told(0, other.receivers));
    }
}
