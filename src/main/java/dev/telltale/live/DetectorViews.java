package dev.telltale.live;

import dev.telltale.http.EnumWords;
import dev.telltale.series.Series;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Detectors as they are answered.
final class DetectorViews {

    private static final int MOST_SHOWN = 100;

    private DetectorViews() {}

    /// A detector and how far it has come.
    @Schema(name = "Detector", description = "What a detector watches, and how far it has come")
    record Detail(
            @Schema(type = "string", example = "cpu") DetectorName name,

            @Schema(description = "all fields, with the defaults of those that were left out")
            DetectorForm specification,

            @Schema(description = "series that it watches; of a model of several, groups of them", example = "40")
            int watched,

            @Schema(description = "how many of them are in each state", example = "{\"watching\":39,\"warming\":1}")
            Map<String, Integer> states,

            @Schema(
                    description = "how long the oldest sample that waits has waited, in seconds; 0 where none waits",
                    example = "0.0")
            double lagSeconds,

            @Schema(description = "samples that wait for their score", example = "0")
            int pending,

            @Schema(description = "why nothing is scored now; it tries again; null while it works") @Nullable
            String failure,

            @Schema(description = "the first 100; GET …/series lists all")
            List<Watched> series) {

        static Detail of(DetectorStates.State state, Function<DetectorStates.WatchedState, Watched> watched) {
            Map<String, Integer> states = new TreeMap<>();
            state.series().forEach(one -> states.merge(EnumWords.of(one.state()), 1, Integer::sum));
            return new Detail(
                    state.detector().name(),
                    DetectorForm.of(state.detector()),
                    state.series().size(),
                    states,
                    state.lagSeconds(),
                    state.pending(),
                    state.failure().orElse(null),
                    state.series().stream().limit(MOST_SHOWN).map(watched).toList());
        }
    }

    /// A detector in a list.
    @Schema(name = "DetectorItem")
    record Item(
            @Schema(type = "string", example = "cpu") DetectorName name,
            @Schema(example = "cpu") String model,

            @Schema(example = "node_cpu{instance=~\"i-.*\"}")
            String select,

            @Schema(description = "series that it watches", example = "40")
            int watched) {

        static Item of(DetectorTable.Listed listed) {
            Detector detector = listed.detector();
            return new Item(
                    detector.name(), detector.model().value(), detector.select().toString(), listed.watched());
        }
    }

    /// A watched series, or the first of those that are judged together.
    @Schema(name = "WatchedSeries")
    record Watched(
            @Schema(example = "17") String id,
            @Schema(example = "node_cpu") String name,
            @Schema(example = "{\"instance\":\"i-1\"}") Map<String, String> labels,

            @Schema(description = "ids of all series that are judged together", example = "[\"17\"]")
            List<String> channels,

            @Schema(
                    description =
                            "`loading`: what is stored of it is being looked at, or no process scores it just now;"
                                    + " `warming`: too few rows to learn its scale from; `watching`; `no-data`: no samples come;"
                                    + " `ended`: its sender said that no more come",
                    example = "watching")
            WatchedSeries.State state,

            @Schema(description = "rows that it lacks to learn its scale from, about", example = "0")
            int missingRows,

            @Schema(
                    description = "time through which its rows are judged, or count as past; null for a new series",
                    example = "2026-11-29T20:00:00Z")
            @Nullable
            Instant scoredThrough,

            @Schema(description = "of the newest row, null before the first", example = "0.31") @Nullable
            Double score) {

        static Watched of(DetectorStates.WatchedState watched, DetectorStates.Newest newest) {
            Series first = watched.first();
            OptionalLong through = newest.through();
            return new Watched(
                    Long.toString(first.id()),
                    first.name(),
                    first.labels().values(),
                    watched.channels().stream()
                            .map(series -> Long.toString(series.id()))
                            .toList(),
                    watched.state(),
                    watched.missing(),
                    through.isPresent() ? Instant.ofEpochMilli(through.getAsLong()) : null,
                    newest.score().isPresent() ? newest.score().getAsDouble() : null);
        }
    }
}
