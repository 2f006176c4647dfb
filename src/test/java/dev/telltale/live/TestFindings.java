package dev.telltale.live;

import dev.telltale.series.Labels;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Anomalies as a detector would give them. Times are minutes.
final class TestFindings {

    static final DetectorName CPU = new DetectorName("cpu-watch");
    static final DetectorName DISK = new DetectorName("disk-watch");

    private TestFindings() {}

    static Series series(long id) {
        return new Series(
                id,
                new SeriesKey("cpu", Labels.of(Map.of("instance", "i-" + id))),
                Optional.of("percent"),
                Optional.of(Duration.ofMinutes(1)));
    }

    /// An open one of `CPU`.
    ///
    /// @param series id of the only one
    static Anomaly anomaly(long id, long series, int start, int end, double score) {
        return anomaly(id, List.of(new Anomaly.Part(series(series), OptionalDouble.of(1))), start, end, score);
    }

    static Anomaly anomaly(long id, List<Anomaly.Part> parts, int start, int end, double score) {
        return new Anomaly(
                id,
                Optional.empty(),
                CPU,
                Anomaly.Kind.SCORE,
                parts,
                minute(start),
                minute(end),
                true,
                new Anomaly.Peak(minute(end), score, OptionalDouble.of(99.5), OptionalDouble.of(12.25)),
                Optional.empty(),
                Optional.empty());
    }

    /// The same, over.
    static Anomaly ended(Anomaly one) {
        return copy(one, one.detector(), false, one.suppressed());
    }

    static Anomaly by(DetectorName detector, Anomaly one) {
        return copy(one, detector, one.open(), one.suppressed());
    }

    static Anomaly suppressed(Anomaly.Suppression why, Anomaly one) {
        return copy(one, one.detector(), one.open(), Optional.of(why));
    }

    static long minute(int number) {
        return 1_700_000_000_000L + number * 60_000L;
    }

    private static Anomaly copy(
            Anomaly one, DetectorName detector, boolean open, Optional<Anomaly.Suppression> suppressed) {
        return new Anomaly(
                one.id(),
                one.incident(),
                detector,
                one.kind(),
                one.parts(),
                one.start(),
                one.end(),
                open,
                one.peak(),
                suppressed,
                one.feedback());
    }
}
