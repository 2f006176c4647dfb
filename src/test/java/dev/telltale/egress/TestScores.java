package dev.telltale.egress;

import dev.telltale.live.DetectorName;
import dev.telltale.live.LiveScore;
import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import java.util.Map;

/// Scores as a detector gives them.
final class TestScores {

    static final DetectorName DETECTOR = new DetectorName("d");

    private TestScores() {}

    static SeriesKey cpu(String instance) {
        return new SeriesKey("cpu", Labels.of(Map.of("instance", instance)));
    }

    /// One without expected value and bounds, which makes one sample.
    static LiveScore score(SeriesKey series, long time, double score) {
        return new LiveScore(DETECTOR, series, time, 1, score, Double.NaN, Double.NaN, Double.NaN);
    }
}
