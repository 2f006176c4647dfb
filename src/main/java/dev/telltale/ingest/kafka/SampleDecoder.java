package dev.telltale.ingest.kafka;

import dev.telltale.http.Json;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.ingest.otlp.ExportedMetrics;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemKind;
import dev.telltale.series.Relayed;
import dev.telltale.series.SeriesKey;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Reads the values of records, each whole or not at all.
final class SampleDecoder {

    /// The header that names the format.
    static final String CONTENT_TYPE = "content-type";

    private final Json json;
    private final SeriesFilter filter;
    private final ExportedMetrics metrics;
    private final WorkingMemory memory;
    private final long installation;
    private final int largest;

    /// @param installation whose ids are known here
    /// @param largest bytes of a value
    SampleDecoder(
            Json json,
            SeriesFilter filter,
            ExportedMetrics metrics,
            WorkingMemory memory,
            long installation,
            int largest) {
        this.json = json;
        this.filter = filter;
        this.metrics = metrics;
        this.memory = memory;
        this.installation = installation;
        this.largest = largest;
    }

    RecordBatch decode(List<ConsumerRecord<byte[], byte[]>> records) {
        RecordBatch batch = new RecordBatch(filter, metrics);
        records.forEach(one -> decode(one, batch));
        return batch;
    }

    private void decode(ConsumerRecord<byte[], byte[]> source, RecordBatch batch) {
        byte[] value = source.value();
        Optional<Format> format = Format.of(source.headers());
        if (value == null || value.length == 0) {
            batch.poison().add(new Poison(source, Cause.EMPTY, "the record has no value"));
        } else if (value.length > largest) {
            String detail =
                    "the value has %d bytes, and telltale.kafka.record-size is %d".formatted(value.length, largest);
            batch.poison().add(new Poison(source, Cause.TOO_LARGE, detail));
        } else if (format.isEmpty()) {
            batch.poison().add(new Poison(source, Cause.UNKNOWN_TYPE, "the header content-type names no known format"));
        } else {
            try {
                switch (format.get()) {
                    case BATCH -> addRelayed(value, source.timestamp(), batch);
                    case OTLP -> addExport(value, batch);
                    case JSON -> addJson(value, batch);
                }
                batch.added(format.get());
            } catch (Problem bad) {
                boolean isTooMuch = bad.type().kind() == ProblemKind.TOO_LARGE;
                batch.poison().add(new Poison(source, isTooMuch ? Cause.TOO_LARGE : Cause.MALFORMED, saying(bad)));
            }
        }
    }

    private void addRelayed(byte[] value, long timestamp, RecordBatch batch) {
        switch (RelayedBytes.read(installation, value)) {
            case RelayedBytes.Content.Samples(var samples) ->
                batch.relayed().add(new Relayed(samples, Instant.ofEpochMilli(timestamp)));
            case RelayedBytes.Content.Ends ends -> batch.ends().add(ends);
        }
    }

    private void addExport(byte[] value, RecordBatch batch) {
        try (WorkingMemory.Part part = memory.part()) {
            batch.exports().add(value, part);
        }
    }

    private void addJson(byte[] value, RecordBatch batch) {
        List<JsonRecord.Sample> samples =
                json.read(new ByteArrayInputStream(value), JsonRecord.class).samples();
        List<SeriesKey> keys = new ArrayList<>(samples.size());
        samples.forEach(sample -> keys.add(sample.key()));
        for (int i = 0; i < keys.size(); i++) {
            JsonRecord.Sample sample = samples.get(i);
            batch.json().add(keys.get(i), sample.timestamp().toEpochMilli(), sample.value());
        }
    }

    /// With the first place that is wrong.
    private static String saying(Problem bad) {
        return bad.errors().isEmpty() || bad.errors().getFirst().pointer() == null
                ? bad.detail()
                : bad.errors().getFirst().pointer() + ": " + bad.detail();
    }
}
