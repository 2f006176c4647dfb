package dev.telltale.live;

import dev.telltale.series.Series;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Consecutive anomalous rows of one detector and one watched series, or of the series that a model of several
/// judges together; or a time without any samples.
///
/// @param id given once, ascending
/// @param incident the incident that it belongs to; none where it is suppressed
/// @param parts the series that were judged together, one for most models
/// @param start time of the first anomalous row, epoch milliseconds UTC; without data, of the last sample
/// @param end time of the last anomalous row so far; of a time without data, the last moment known of
/// @param open whether it may still go on
/// @param suppressed why nobody is told of it
/// @param feedback what somebody said of it: whether it was one
public record Anomaly(
        long id,
        Optional<Long> incident,
        DetectorName detector,
        Kind kind,
        List<Part> parts,
        long start,
        long end,
        boolean open,
        Peak peak,
        Optional<Suppression> suppressed,
        Optional<Boolean> feedback) {

    /// What does not fit.
    public enum Kind {
        /// Rows score above 1.
        SCORE,
        /// No samples come.
        NO_DATA,
    }

    /// Why an anomaly is kept but nobody is told of it.
    public enum Suppression {
        /// It looks like one that was called a false alarm.
        FEEDBACK,
        /// It began within the detector's silence after another.
        SILENCE,
    }

    /// A series of it.
    ///
    /// @param contribution share of the error at the peak, in [0, 1]; absent without an error
    public record Part(Series series, OptionalDouble contribution) {}

    /// The row with the highest score. A time without data has a score of 1 and no values.
    ///
    /// @param value of the series that contributes most
    /// @param expected of the same
    public record Peak(long time, double score, OptionalDouble value, OptionalDouble expected) {}

    public Anomaly {
        parts = List.copyOf(parts);
    }

    /// The same, belonging to this incident or to none.
    Anomaly in(Optional<Long> other) {
        return new Anomaly(id, other, detector, kind, parts, start, end, open, peak, suppressed, feedback);
    }

    /// The same, with what the other, an earlier state of it, tells of its incident and of what people said.
    Anomaly as(Anomaly judged) {
        return new Anomaly(
                id, judged.incident, detector, kind, parts, start, end, open, peak, judged.suppressed, judged.feedback);
    }
}
