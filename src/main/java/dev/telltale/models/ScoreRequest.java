package dev.telltale.models;

import dev.telltale.series.Samples;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What shall be scored.
sealed interface ScoreRequest {

    /// Samples that came with the request.
    record Given(Samples samples) implements ScoreRequest {}

    /// A stored range of a series. Both ends are inclusive; an absent one leaves that side open.
    ///
    /// @param series name or id
    record Stored(
            String series,
            @Nullable Instant start,
            @Nullable Instant end) implements ScoreRequest {

        public Stored {
            if (start != null && end != null && start.isAfter(end)) {
                throw ModelsProblem.BAD_SCORE_REQUEST.because("the range starts at %s, after its end %s", start, end);
            }
        }

        long first() {
            return start == null ? Long.MIN_VALUE : start.toEpochMilli();
        }

        long last() {
            return end == null ? Long.MAX_VALUE : end.toEpochMilli();
        }
    }
}
