package dev.telltale.ingest.firehose;

import dev.telltale.http.Json;
import dev.telltale.http.JsonFaults;
import dev.telltale.ingest.IngestProblem;
import dev.telltale.ingest.KeptSamples;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.problem.Problem;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The records of one request of Firehose, decoded one after the other.
final class Delivery {

    private static final int COPIES_OF_A_RECORD = 3; // it and what comes of it
    private static final int MOST_SAMPLES = 1_000_000;

    private final Json json;
    private final Map<String, String> common;
    private final WorkingMemory.Part memory;
    private final KeptSamples samples;
    private @Nullable String requestId;
    private long metrics;
    private long unreadable;
    private @Nullable Problem firstFailure;

    /// @param common labels that all series of the stream get
    Delivery(Json json, Map<String, String> common, SeriesFilter filter, WorkingMemory.Part memory) {
        this.json = json;
        this.common = common;
        this.memory = memory;
        this.samples = new KeptSamples(filter);
    }

    /// Reads `{"requestId":…,"timestamp":…,"records":[{"data":"<Base64>"},…]}`. Records that cannot be read are
    /// counted, the others are taken.
    ///
    /// @throws Problem if the body is not so, or too much
    void read(byte[] body) {
        try (JsonParser parser = json.parser(new ByteArrayInputStream(body))) {
            expect(parser.nextToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (field) {
                    case "requestId" -> {
                        expect(value, JsonToken.VALUE_STRING);
                        requestId = parser.getString();
                    }
                    case "records" -> readRecords(parser);
                    default -> parser.skipChildren();
                }
            }
            if (parser.nextToken() != null) {
                throw FirehoseProblem.BAD_DELIVERY.because("more follows after the end of the JSON object");
            }
        } catch (JacksonException failure) {
            throw JsonFaults.problem(failure);
        }
    }

    KeptSamples samples() {
        return samples;
    }

    Optional<String> requestId() {
        return Optional.ofNullable(requestId);
    }

    /// Metrics that were read.
    long metrics() {
        return metrics;
    }

    /// Records, lines or metrics that could not be read.
    long unreadable() {
        return unreadable;
    }

    /// What was wrong with the first that could not be read.
    Optional<String> firstFailure() {
        return Optional.ofNullable(firstFailure).map(Problem::detail);
    }

    private void readRecords(JsonParser parser) {
        expect(parser.currentToken(), JsonToken.START_ARRAY);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.START_OBJECT);
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean data = parser.currentName().equals("data");
                JsonToken value = parser.nextToken();
                if (data) {
                    expect(value, JsonToken.VALUE_STRING);
                    readRecord(parser.getBinaryValue());
                } else {
                    parser.skipChildren();
                }
            }
        }
    }

    private void readRecord(byte[] record) {
        memory.take((long) COPIES_OF_A_RECORD * record.length);
        if (JsonLines.areIn(record)) {
            new JsonLines(json).read(record, this::take, this::fail);
            return;
        }
        try {
            ExportRecords.read(record, memory, this::take, this::fail);
        } catch (Problem broken) {
            if (broken.type() != FirehoseProblem.BAD_RECORD) {
                throw broken; // of memory
            }
            fail(broken);
        }
    }

    private void take(StreamedMetric metric) {
        int samplesBefore = samples.samples().count();
        int seriesBefore = samples.samples().seriesCount();
        try {
            metric.addTo(samples, common);
            metrics++;
        } catch (Problem bad) {
            fail(bad);
            return;
        }
        int count = samples.samples().count();
        if (count > MOST_SAMPLES) {
            throw IngestProblem.TOO_MUCH_AT_ONCE.because(
                    "a delivery may have %d samples; send them in several", MOST_SAMPLES);
        }
        memory.takeFor(count - samplesBefore, samples.samples().seriesCount() - seriesBefore);
    }

    private void fail(Problem failure) {
        unreadable++;
        if (firstFailure == null) {
            firstFailure = failure;
        }
    }

    private static void expect(@Nullable JsonToken token, JsonToken expected) {
        if (token != expected) {
            throw FirehoseProblem.BAD_DELIVERY.because(
                    "expected %s, got %s; a delivery is {\"requestId\":…,\"timestamp\":…,\"records\":[{\"data\":…}]}",
                    JsonFaults.words(expected), JsonFaults.words(token));
        }
    }
}
