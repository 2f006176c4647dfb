package dev.telltale.live;

import dev.telltale.detection.AlarmPolicy;
import dev.telltale.models.ModelName;
import dev.telltale.series.Selector;
import dev.telltale.series.SeriesKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A model that watches series which keep arriving, and when somebody shall hear of them.
///
/// @param select which series; those of a model of several are watched together where all labels agree
/// @param scale by what rows are measured
/// @param silence after an alarm: what begins within it is kept but nobody is told
/// @param noData how long no sample may come before that is an anomaly of its own; never if absent
/// @param receivers whom to tell, by name
record Detector(
        DetectorName name,
        ModelName model,
        Selector select,
        ScaleOf scale,
        AlarmPolicy policy,
        Duration silence,
        Optional<Duration> noData,
        List<String> receivers) {

    /// Where scaling and calibration come from.
    enum ScaleOf {
        /// The model's for the series that it was trained on, each other series' own.
        AUTO,
        /// The model's for all.
        MODEL,
        /// Each series' own.
        SERIES,
    }

    Detector {
        receivers = List.copyOf(receivers);
    }

    /// Whether series are measured by what is learned from themselves.
    ///
    /// @param series that are judged together
    /// @param sources that the model was trained on
    boolean learns(List<SeriesKey> series, List<SeriesKey> sources) {
        return switch (scale) {
            case MODEL -> false;
            case SERIES -> true;
            case AUTO -> !series.equals(sources);
        };
    }
}
