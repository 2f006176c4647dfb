package dev.telltale.live;

import java.util.List;
import java.util.Optional;

/// An anomaly and the last that somebody said of it.
record JudgedAnomaly(Anomaly anomaly, Optional<Feedback> feedback) {

    JudgedAnomaly with(List<Anomaly.Part> parts) {
        return new JudgedAnomaly(
                new Anomaly(
                        anomaly.id(),
                        anomaly.incident(),
                        anomaly.detector(),
                        anomaly.kind(),
                        parts,
                        anomaly.start(),
                        anomaly.end(),
                        anomaly.open(),
                        anomaly.peak(),
                        anomaly.suppressed(),
                        anomaly.feedback()),
                feedback);
    }
}
