package dev.telltale.series;

import dev.telltale.http.HttpProblem;
import dev.telltale.http.Json;
import dev.telltale.http.JsonFaults;
import dev.telltale.http.TimeParser;
import dev.telltale.problem.Problem;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads samples written as JSON objects, `{"timestamp": …, "value": …}`.
final class JsonSample {

    private final TimeParser timeParser;
    private final RowSink rows;
    private final Form form;

    /// How a format tells of a fault in a property of a sample, such as `/value`.
    @FunctionalInterface
    interface Form {
        RowFault of(long place, String property, String detail);
    }

    JsonSample(TimeParser timeParser, RowSink rows, Form form) {
        this.timeParser = timeParser;
        this.rows = rows;
        this.form = form;
    }

    /// Reads the object at the parser and hands it on as a row of the upload's one series.
    ///
    /// @param isAlone whether nothing may follow it
    /// @throws Problem if it is not such an object
    void read(JsonParser parser, boolean isAlone, long place) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw HttpProblem.WRONG_TYPE.because("expected an object, got %s", JsonFaults.words(parser.currentToken()));
        }
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
                        rows.fault(SeriesProblem.BAD_TIME, form.of(place, "/timestamp", problem.detail()));
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
                        rows.fault(SeriesProblem.BAD_VALUE, form.of(place, "/value", problem.detail()));
                    }
                }
                default -> throw HttpProblem.UNKNOWN_PROPERTY.because("a sample has 'timestamp' and 'value', no more");
            }
        }
        if (isAlone && parser.nextToken() != null) {
            throw HttpProblem.MALFORMED_JSON.because("more follows after the end of the JSON value");
        }
        if (!hasTime || !hasValue) {
            broken = true;
            String absent = hasTime ? "value" : "timestamp";
            rows.fault(
                    HttpProblem.MISSING_PROPERTY,
                    form.of(place, "/" + absent, "the property '" + absent + "' is required"));
        }
        if (broken) {
            rows.spoilt(1);
        } else if (missing) {
            rows.addMissing(0);
        } else {
            rows.add(0, time, value, place);
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
        return Intake.checked(
                timeParser.parse(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength()));
    }
}
