package dev.telltale.series;

import dev.telltale.http.HttpProblem;
import dev.telltale.http.Json;
import dev.telltale.http.JsonFaults;
import dev.telltale.http.TimeParser;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import dev.telltale.problem.ProblemType;
import java.io.InputStream;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads `{"samples": [{"timestamp": …, "value": …}]}` token by token, since it may be as large as an
/// upload of CSV. Reads one upload.
final class JsonRows {

    private final Json json;
    private final JsonSample sample;

    JsonRows(Json json, TimeParser timeParser, RowSink rows) {
        this.json = json;
        this.sample = new JsonSample(timeParser, rows, JsonRows::fault);
    }

    /// A fault of a row's time; its place is its index.
    static RowFault fault(long index, String detail) {
        return fault(index, "/timestamp", detail);
    }

    private static RowFault fault(long index, String property, String detail) {
        return RowFault.at(index, "/samples/" + index + property, detail);
    }

    /// Reads the whole body.
    void read(InputStream body) {
        long count = 0;
        try (JsonParser parser = json.parser(body)) {
            if (parser.nextToken() == null) {
                throw SeriesProblem.EMPTY_UPLOAD.because("the body is empty; send {\"samples\": […]}");
            }
            expect(parser, JsonToken.START_OBJECT, "");
            boolean found = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                if (!parser.currentName().equals("samples")) {
                    throw at("", HttpProblem.UNKNOWN_PROPERTY, "only 'samples' is known here");
                }
                found = true;
                count = readSamples(parser);
            }
            if (!found) {
                throw at("/samples", HttpProblem.MISSING_PROPERTY, "the property is required");
            }
            if (parser.nextToken() != null) {
                throw HttpProblem.MALFORMED_JSON.because("more follows after the end of the JSON value");
            }
        } catch (JacksonException failure) {
            throw JsonFaults.problem(failure);
        }
        if (count == 0) {
            throw SeriesProblem.EMPTY_UPLOAD.because("the list of samples is empty");
        }
    }

    private long readSamples(JsonParser parser) {
        parser.nextToken();
        expect(parser, JsonToken.START_ARRAY, "/samples");
        long row = 0;
        for (; parser.nextToken() != JsonToken.END_ARRAY; row++) {
            try {
                sample.read(parser, false, row);
            } catch (Problem problem) {
                throw problem.errors().isEmpty() ? at("/samples/" + row, problem.type(), problem.detail()) : problem;
            }
        }
        return row;
    }

    /// Refuses another kind of token at the parser.
    static void expect(JsonParser parser, JsonToken expected, String pointer) {
        if (parser.currentToken() != expected) {
            throw at(
                    pointer,
                    HttpProblem.WRONG_TYPE,
                    "expected " + JsonFaults.words(expected) + ", got " + JsonFaults.words(parser.currentToken()));
        }
    }

    static Problem at(String pointer, ProblemType type, String detail) {
        return type.because("%s", detail).with(List.of(ProblemError.at(pointer, detail)));
    }
}
