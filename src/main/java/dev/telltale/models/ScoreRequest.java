package dev.telltale.models;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.telltale.series.Samples;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What shall be scored.
sealed interface ScoreRequest {

    /// Samples of one series that came with the request.
    record One(Samples samples) implements ScoreRequest {}

    /// Samples of several series that came with the request, by channel.
    record Table(Map<String, Samples> columns) implements ScoreRequest {

        public Table {
            columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        }
    }

    /// A stored range. Both ends are inclusive; an absent one leaves that side open.
    ///
    /// @param series names or ids in the order of the model's channels; absent: the model's own
    record Stored(
            @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) @Nullable
            List<String> series,

            @Nullable Instant start,
            @Nullable Instant end)
            implements ScoreRequest {

        public Stored {
            series = series == null ? List.of() : List.copyOf(series);
            if (start != null && end != null && start.isAfter(end)) {
                throw ModelsProblem.BAD_SCORE_REQUEST.because("the range starts at %s, after its end %s", start, end);
            }
        }

        /// Names or ids in the order of the model's channels; none: the model's own.
        List<String> names() {
            return series == null ? List.of() : series;
        }

        long first() {
            return start == null ? Long.MIN_VALUE : start.toEpochMilli();
        }

        long last() {
            return end == null ? Long.MAX_VALUE : end.toEpochMilli();
        }
    }
}
