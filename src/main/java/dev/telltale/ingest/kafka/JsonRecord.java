package dev.telltale.ingest.kafka;

import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The value of a record in JSON.
///
/// @param samples at least one
record JsonRecord(List<Sample> samples) {

    JsonRecord {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw KafkaProblem.BAD_RECORD.because("the list of samples is empty");
        }
    }

    /// @param labels none if it is left out
    record Sample(String name, @Nullable Map<String, String> labels, Instant timestamp, double value) {

        SeriesKey key() {
            return new SeriesKey(name, labels == null ? Labels.NONE : Labels.of(labels));
        }
    }
}
