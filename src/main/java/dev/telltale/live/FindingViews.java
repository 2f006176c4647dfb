package dev.telltale.live;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// Anomalies and incidents as requests and answers show them.
final class FindingViews {

    private FindingViews() {}

    /// Whether it was an anomaly.
    enum Verdict {
        TRUE,
        FALSE;

        static Verdict of(boolean wasOne) {
            return wasOne ? TRUE : FALSE;
        }
    }

    /// What a caller says of an anomaly.
    @Schema(name = "AnomalyFeedback")
    record Given(
            @Schema(
                    description = "`true` if it was an anomaly, `false` if it was a false alarm",
                    allowableValues = {"true", "false"})
            Verdict verdict,

            @Schema(description = "up to 1,000 characters", example = "planned deployment") @Nullable
            String note) {}

    /// What somebody said of an anomaly.
    @Schema(name = "AnomalyFeedbackGiven")
    record FeedbackView(
            @Schema(allowableValues = {"true", "false"}) Verdict verdict,

            @Schema(example = "planned deployment") @Nullable
            String note,

            @Schema(example = "2026-03-01T09:12:00Z") Instant given) {

        private static FeedbackView of(Feedback feedback) {
            return new FeedbackView(
                    Verdict.of(feedback.wasOne()), feedback.note().orElse(null), Instant.ofEpochMilli(feedback.time()));
        }
    }

    /// A series of an anomaly.
    @Schema(name = "AnomalySeries")
    record PartView(
            @Schema(example = "17") String id,
            @Schema(example = "ec2_cpu_utilization") String name,
            @Schema(example = "{\"instance\":\"i-1\"}") Map<String, String> labels,

            @Schema(description = "its share of the error at the peak, 0 to 1; null without samples", example = "1.0")
            @Nullable
            Double contribution) {

        private static PartView of(Anomaly.Part part) {
            return new PartView(
                    Long.toString(part.series().id()),
                    part.series().name(),
                    part.series().labels().values(),
                    orNull(part.contribution()));
        }
    }

    /// The row with the highest score.
    @Schema(name = "AnomalyPeak")
    record PeakView(
            @Schema(example = "2026-03-01T08:55:00Z") Instant timestamp,
            @Schema(example = "6.5") double score,

            @Schema(description = "of the series that contributes most", example = "99.5") @Nullable
            Double value,

            @Schema(description = "what the model expected of it", example = "12.25") @Nullable
            Double expected) {

        private static PeakView of(Anomaly.Peak peak) {
            return new PeakView(
                    Instant.ofEpochMilli(peak.time()), peak.score(), orNull(peak.value()), orNull(peak.expected()));
        }
    }

    /// An anomaly as it is answered.
    @Schema(name = "Anomaly")
    record AnomalyView(
            @Schema(example = "3") String id,
            @Schema(example = "cpu-watch") String detector,

            @Schema(
                    description = "`score`: rows score above 1; `no-data`: no samples come",
                    allowableValues = {"score", "no-data"})
            Anomaly.Kind kind,

            @Schema(description = "that were judged together, one for most models")
            List<PartView> series,

            @Schema(description = "of the first anomalous row, or of the last sample", example = "2026-03-01T08:50:00Z")
            Instant start,

            @Schema(description = "of the last one so far", example = "2026-03-01T09:00:00Z")
            Instant end,

            @Schema(description = "whether it may go on") boolean open,
            PeakView peak,

            @Schema(
                    description = "why nobody is told of it: it looks like a false alarm or was called one, or it"
                            + " began in the silence after another",
                    allowableValues = {"feedback", "silence"})
            Anomaly.@Nullable Suppression suppressed,

            @Nullable FeedbackView feedback,

            @Schema(description = "to which it belongs; null where it is suppressed", example = "2") @Nullable
            String incident) {

        static AnomalyView of(JudgedAnomaly judged) {
            Anomaly anomaly = judged.anomaly();
            return new AnomalyView(
                    Long.toString(anomaly.id()),
                    anomaly.detector().value(),
                    anomaly.kind(),
                    anomaly.parts().stream().map(PartView::of).toList(),
                    Instant.ofEpochMilli(anomaly.start()),
                    Instant.ofEpochMilli(anomaly.end()),
                    anomaly.open(),
                    PeakView.of(anomaly.peak()),
                    anomaly.suppressed().orElse(null),
                    judged.feedback().map(FeedbackView::of).orElse(null),
                    anomaly.incident().map(id -> Long.toString(id)).orElse(null));
        }
    }

    /// The highest score of an incident.
    @Schema(name = "IncidentPeak")
    record IncidentPeakView(
            @Schema(example = "2026-03-01T08:55:00Z") Instant timestamp,
            @Schema(example = "6.5") double score) {}

    /// A series of an incident.
    @Schema(name = "IncidentSeries")
    record InvolvedView(
            @Schema(example = "17") String id,
            @Schema(example = "ec2_cpu_utilization") String name,
            @Schema(example = "{\"instance\":\"i-1\"}") Map<String, String> labels,

            @Schema(description = "the highest of its anomalies", example = "6.5")
            double peakScore,

            @Schema(description = "share of the sum of all series' peak scores, 0 to 1", example = "1.0")
            double contribution) {

        private static InvolvedView of(Incident.Involved involved) {
            return new InvolvedView(
                    Long.toString(involved.series().id()),
                    involved.series().name(),
                    involved.series().labels().values(),
                    involved.peakScore(),
                    involved.contribution());
        }
    }

    /// An incident as it is answered.
    @Schema(name = "Incident")
    record IncidentView(
            @Schema(example = "2") String id,
            @Schema(example = "cpu-watch") String detector,

            @Schema(description = "false once its anomalies are over and no other followed")
            boolean open,

            @Schema(description = "of its first anomaly", example = "2026-03-01T08:50:00Z")
            Instant start,

            @Schema(description = "last moment known of its anomalies", example = "2026-03-01T09:00:00Z")
            Instant end,

            IncidentPeakView peak,

            @Schema(description = "those involved, the one with the highest score first, at most 100")
            List<InvolvedView> series,

            @Schema(description = "how many are involved", example = "1")
            int seriesCount,

            @Schema(
                    description = "how many belong to it; 0 once each was called a false alarm, the rest then stands as"
                            + " it did before",
                    example = "1")
            int anomalies,

            @Schema(description = "who is told of it", example = "[\"pager\"]")
            List<String> receivers) {

        static IncidentView of(Incident incident) {
            return new IncidentView(
                    Long.toString(incident.id()),
                    incident.detector().value(),
                    incident.open(),
                    Instant.ofEpochMilli(incident.start()),
                    Instant.ofEpochMilli(incident.end()),
                    new IncidentPeakView(Instant.ofEpochMilli(incident.peakTime()), incident.peakScore()),
                    incident.series().stream().map(InvolvedView::of).toList(),
                    incident.seriesCount(),
                    incident.anomalies(),
                    incident.receivers());
        }
    }

    private static @Nullable Double orNull(OptionalDouble number) {
        return number.isPresent() ? number.getAsDouble() : null;
    }
}
