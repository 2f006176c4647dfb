package dev.telltale.models;

import dev.telltale.http.Json;
import dev.telltale.series.Duplicates;
import dev.telltale.series.SampleReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.ZoneId;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads bodies of score requests: samples as for an upload, CSV or JSON, or a JSON object that names a
/// stored range.
final class ScoreRequestReader {

    private static final int LOOKED_INTO = 1 << 16;

    private final Json json;
    private final SampleReader samples;

    ScoreRequestReader(Json json) {
        this.json = json;
        this.samples = new SampleReader(json);
    }

    /// @param zone the zone of naive times
    ScoreRequest.Given csv(InputStream body, Duplicates duplicates, ZoneId zone) {
        return new ScoreRequest.Given(samples.csv(body, zone).samples(duplicates));
    }

    /// @param zone the zone of naive times
    ScoreRequest json(InputStream body, Duplicates duplicates, ZoneId zone) throws IOException {
        byte[] beginning = body.readNBytes(LOOKED_INTO);
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(beginning), body);
        return namesASeries(beginning)
                ? json.read(whole, ScoreRequest.Stored.class)
                : new ScoreRequest.Given(samples.json(whole, zone).samples(duplicates));
    }

    /// Whether a body begins like a stored range. Whoever reads it whole says what is wrong with others.
    private boolean namesASeries(byte[] beginning) {
        try (JsonParser parser = json.parser(new ByteArrayInputStream(beginning))) {
            return parser.nextToken() == JsonToken.START_OBJECT
                    && parser.nextToken() == JsonToken.PROPERTY_NAME
                    && !parser.currentName().equals("samples");
        } catch (JacksonException malformed) {
            return false;
        }
    }
}
