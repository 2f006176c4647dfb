package dev.telltale.models;

import dev.telltale.http.Json;
import dev.telltale.series.Duplicates;
import dev.telltale.series.SampleReader;
import dev.telltale.series.SampleRows;
import dev.telltale.series.Samples;
import dev.telltale.series.UploadFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads bodies of score requests: samples as for an upload, CSV, JSON or NDJSON, a table of several series in
/// CSV or JSON, or a JSON object that names a stored range.
final class ScoreRequestReader {

    private static final int LOOKED_INTO = 1 << 16;

    private final Json json;
    private final SampleReader samples;

    ScoreRequestReader(Json json) {
        this.json = json;
        this.samples = new SampleReader(json);
    }

    /// @param manifest of the model: of several channels, each is a column
    /// @param zone the zone of naive times
    ScoreRequest read(UploadFormat format, InputStream body, Manifest manifest, Duplicates duplicates, ZoneId zone) {
        return switch (format) {
            case CSV -> csv(body, manifest, duplicates, zone);
            case JSON -> json(body, manifest, duplicates, zone);
            case NDJSON -> new ScoreRequest.One(samples.ndjson(body, zone).samples(duplicates));
        };
    }

    private ScoreRequest csv(InputStream body, Manifest manifest, Duplicates duplicates, ZoneId zone) {
        return manifest.sources().size() == 1
                ? new ScoreRequest.One(samples.csv(body, zone).samples(duplicates))
                : table(
                        samples.csvTable(body, columns -> ModelScoring.refuseMore(manifest, columns), zone),
                        duplicates);
    }

    private ScoreRequest json(InputStream body, Manifest manifest, Duplicates duplicates, ZoneId zone) {
        byte[] beginning = beginning(body);
        InputStream whole = new SequenceInputStream(new ByteArrayInputStream(beginning), body);
        return switch (form(beginning)) {
            case ONE -> new ScoreRequest.One(samples.json(whole, zone).samples(duplicates));
            case TABLE ->
                table(
                        samples.jsonTable(whole, columns -> ModelScoring.refuseMore(manifest, columns), zone),
                        duplicates);
            case STORED -> json.read(whole, ScoreRequest.Stored.class);
        };
    }

    private static byte[] beginning(InputStream body) {
        try {
            return body.readNBytes(LOOKED_INTO);
        } catch (IOException callerHasGone) {
            throw new UncheckedIOException(callerHasGone);
        }
    }

    private static ScoreRequest.Table table(Map<String, SampleRows> columns, Duplicates duplicates) {
        Map<String, Samples> samples = new LinkedHashMap<>();
        columns.forEach((name, rows) -> samples.put(name, rows.samples(duplicates)));
        return new ScoreRequest.Table(samples);
    }

    private enum Form {
        ONE,
        TABLE,
        STORED
    }

    /// What a body begins like. Whoever reads it whole says what is wrong with it.
    private Form form(byte[] beginning) {
        try (JsonParser parser = json.parser(new ByteArrayInputStream(beginning))) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Form.ONE;
            }
            if (parser.nextToken() != JsonToken.PROPERTY_NAME) {
                return Form.STORED;
            }
            return switch (parser.currentName()) {
                case "samples" -> Form.ONE;
                case "timestamps" -> Form.TABLE;
                case "series" -> parser.nextToken() == JsonToken.START_OBJECT ? Form.TABLE : Form.STORED;
                default -> Form.STORED;
            };
        } catch (JacksonException malformed) {
            return Form.ONE;
        }
    }
}
