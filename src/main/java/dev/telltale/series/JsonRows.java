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
    private final TimeParser timeParser;
    private final RowBuffer rows = new RowBuffer();
    private final SampleFaults faults = new SampleFaults();

    private long row;

    JsonRows(Json json, TimeParser timeParser) {
        this.json = json;
        this.timeParser = timeParser;
    }

    SampleRows read(InputStream body) {
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
                readSamples(parser);
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
        faults.check();
        if (rows.isEmpty()) {
            throw SeriesProblem.EMPTY_UPLOAD.because("the list of samples is empty");
        }
        return rows.rows((index, detail) -> ProblemError.at("/samples/" + index + "/timestamp", detail));
    }

    private void readSamples(JsonParser parser) {
        parser.nextToken();
        expect(parser, JsonToken.START_ARRAY, "/samples");
        for (row = 0; parser.nextToken() != JsonToken.END_ARRAY; row++) {
            expect(parser, JsonToken.START_OBJECT, pointer());
            readSample(parser);
        }
    }

    private void readSample(JsonParser parser) {
        boolean hasTime = false;
        boolean hasValue = false;
        boolean missing = false;
        boolean broken = false;
        long time = 0;
        double value = 0;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            switch (name) {
                case "timestamp" -> {
                    hasTime = true;
                    try {
                        time = time(parser, timeParser);
                    } catch (Problem problem) {
                        broken = true;
                        faults.add(SeriesProblem.BAD_TIME, ProblemError.at(pointer() + "/timestamp", problem.detail()));
                    }
                }
                case "value" -> {
                    hasValue = true;
                    missing = token == JsonToken.VALUE_NULL;
                    try {
                        value = missing ? 0 : Json.number(parser);
                    } catch (Problem problem) {
                        broken = true;
                        parser.skipChildren();
                        faults.add(SeriesProblem.BAD_VALUE, ProblemError.at(pointer() + "/value", problem.detail()));
                    }
                }
                default ->
                    throw at(pointer(), HttpProblem.UNKNOWN_PROPERTY, "a sample has 'timestamp' and 'value', no more");
            }
        }
        if (!hasTime || !hasValue) {
            throw at(
                    pointer() + (hasTime ? "/value" : "/timestamp"),
                    HttpProblem.MISSING_PROPERTY,
                    "the property is required");
        }
        if (!broken && missing) {
            rows.addMissing();
        } else if (!broken) {
            rows.add(time, value, row);
        }
    }

    /// The time at the parser.
    static long time(JsonParser parser, TimeParser timeParser) {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_STRING) {
            parser.skipChildren();
            throw SeriesProblem.BAD_TIME.because(
                    "expected epoch milliseconds or an RFC 3339 text, got %s", JsonFaults.words(token));
        }
        return RowBuffer.checked(
                timeParser.parse(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength()));
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

    private String pointer() {
        return "/samples/" + row;
    }

    static Problem at(String pointer, ProblemType type, String detail) {
        return type.because("%s", detail).with(List.of(ProblemError.at(pointer, detail)));
    }
}
