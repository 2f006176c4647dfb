package dev.telltale.series;

import dev.telltale.http.Json;
import dev.telltale.http.Times;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JsonGenerator;

/// Writes a range of samples as it is read from the store, in a form that can be uploaded again.
final class SampleWriter {

    private final SeriesStore store;
    private final Json json;

    SampleWriter(SeriesStore store, Json json) {
        this.store = store;
        this.json = json;
    }

    /// Writes `{"samples": […]}`.
    void json(Range range, OutputStream out) {
        try (JsonGenerator generator = json.generator(out)) {
            generator.writeStartObject();
            generator.writeArrayPropertyStart("samples");
            each(range, (time, value) -> {
                generator.writeStartObject();
                generator.writeStringProperty("timestamp", Times.format(time));
                generator.writeNumberProperty("value", value);
                generator.writeEndObject();
            });
            generator.writeEndArray();
            generator.writeEndObject();
        }
    }

    /// Writes a header and one line for each sample.
    void csv(Range range, OutputStream out) {
        StringBuilder lines = new StringBuilder("timestamp,value\n");
        each(range, (time, value) -> {
            lines.append(Times.format(time)).append(',').append(value).append('\n');
            if (lines.length() > 8_000) {
                write(lines, out);
            }
        });
        write(lines, out);
    }

    private void each(Range range, SampleSink sink) {
        long[] left = {range.limit()};
        store.scanWhile(range.seriesId(), range.start(), range.end(), page -> {
            int count = (int) Math.min(left[0], page.count());
            for (int i = 0; i < count; i++) {
                sink.accept(page.time(i), page.value(i));
            }
            left[0] -= count;
            return left[0] > 0;
        });
    }

    private static void write(StringBuilder lines, OutputStream out) {
        try {
            out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
            lines.setLength(0);
        } catch (IOException callerHasGone) {
            throw new UncheckedIOException(callerHasGone);
        }
    }

    /// Samples of a series from `start` to `end`, both inclusive, at most `limit`.
    record Range(long seriesId, long start, long end, long limit) {}

    @FunctionalInterface
    private interface SampleSink {
        void accept(long time, double value);
    }
}
