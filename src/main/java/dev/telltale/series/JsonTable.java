package dev.telltale.series;

import dev.telltale.http.HttpProblem;
import dev.telltale.http.Json;
import dev.telltale.http.JsonFaults;
import dev.telltale.http.TimeParser;
import dev.telltale.problem.Excerpt;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Reads `{"timestamps": […], "series": {"a": […], "b": […]}}` token by token. Reads one body.
final class JsonTable {

    private static final double[] NONE = {};

    private final Json json;
    private final TimeParser timeParser;
    private final SampleFaults faults = new SampleFaults(false);
    private final Consumer<Collection<String>> told;
    private final Map<String, double[]> columns = new LinkedHashMap<>();
    private long[] times = new long[0];
    private int values;

    /// @param told of the names of the columns so far; what it throws refuses the table
    JsonTable(Json json, TimeParser timeParser, Consumer<Collection<String>> told) {
        this.json = json;
        this.timeParser = timeParser;
        this.told = told;
    }

    Map<String, SampleRows> read(InputStream body) {
        try (JsonParser parser = json.parser(body)) {
            parser.nextToken();
            JsonRows.expect(parser, JsonToken.START_OBJECT, "");
            boolean hasTimes = false;
            boolean hasSeries = false;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                switch (parser.currentName()) {
                    case "timestamps" -> {
                        hasTimes = true;
                        readTimes(parser);
                    }
                    case "series" -> {
                        hasSeries = true;
                        readColumns(parser);
                    }
                    default ->
                        throw JsonRows.at(
                                "", HttpProblem.UNKNOWN_PROPERTY, "only 'timestamps' and 'series' are known here");
                }
            }
            if (!hasTimes || !hasSeries) {
                throw JsonRows.at(
                        hasTimes ? "/series" : "/timestamps", HttpProblem.MISSING_PROPERTY, "the property is required");
            }
            if (parser.nextToken() != null) {
                throw HttpProblem.MALFORMED_JSON.because("more follows after the end of the JSON value");
            }
        } catch (JacksonException failure) {
            throw JsonFaults.problem(failure);
        }
        faults.check();
        return rows();
    }

    private void readTimes(JsonParser parser) {
        parser.nextToken();
        JsonRows.expect(parser, JsonToken.START_ARRAY, "/timestamps");
        long[] read = new long[16];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (count == read.length) {
                read = Arrays.copyOf(read, longer(count));
            }
            try {
                read[count] = JsonSample.time(parser, timeParser);
            } catch (Problem problem) {
                faults.add(SeriesProblem.BAD_TIME, RowFault.at(count, "/timestamps/" + count, problem.detail()));
            }
            count++;
        }
        times = Arrays.copyOf(read, count);
    }

    private void readColumns(JsonParser parser) {
        parser.nextToken();
        JsonRows.expect(parser, JsonToken.START_OBJECT, "/series");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            columns.put(name, NONE);
            told.accept(columns.keySet());
            columns.put(name, readColumn(parser, pointer(name)));
        }
    }

    /// @return the values, NaN where one is missing
    private double[] readColumn(JsonParser parser, String pointer) {
        parser.nextToken();
        JsonRows.expect(parser, JsonToken.START_ARRAY, pointer);
        double[] read = new double[16];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (count == read.length) {
                read = Arrays.copyOf(read, longer(count));
            }
            try {
                read[count] = parser.currentToken() == JsonToken.VALUE_NULL ? Double.NaN : Json.number(parser);
            } catch (Problem problem) {
                parser.skipChildren();
                faults.add(SeriesProblem.BAD_VALUE, RowFault.at(count, pointer + "/" + count, problem.detail()));
            }
            count++;
            values++;
            if (values > TableBuffer.MOST_VALUES) {
                throw tooMany();
            }
        }
        return Arrays.copyOf(read, count);
    }

    private static String pointer(String name) {
        return "/series/" + Excerpt.of(name).replace("~", "~0").replace("/", "~1");
    }

    private static int longer(int count) {
        if (count >= TableBuffer.MOST_VALUES) {
            throw tooMany();
        }
        return 2 * count;
    }

    private static Problem tooMany() {
        return HttpProblem.BODY_TOO_LARGE.because(
                "a body has up to %d values; send it in parts", TableBuffer.MOST_VALUES);
    }

    private Map<String, SampleRows> rows() {
        if (times.length == 0 || columns.isEmpty()) {
            throw SeriesProblem.EMPTY_UPLOAD.because(
                    "there is no %s", times.length == 0 ? "timestamp" : "series; name one and give its values");
        }
        Map<String, SampleRows> rows = new LinkedHashMap<>();
        columns.forEach((name, column) -> {
            if (column.length != times.length) {
                throw SeriesProblem.UNEQUAL_LENGTHS
                        .because(
                                "there are %d timestamps and %d values of '%s'; put null where one is missing",
                                times.length, column.length, Excerpt.of(name))
                        .with(List.of(ProblemError.at(
                                pointer(name), "expected " + times.length + " values, got " + column.length)));
            }
            rows.put(name, rows(column));
        });
        return rows;
    }

    private SampleRows rows(double[] column) {
        RowBuffer rows = new RowBuffer();
        for (int i = 0; i < column.length; i++) {
            if (Double.isNaN(column[i])) {
                rows.addMissing(0);
            } else {
                rows.add(0, times[i], column[i], i);
            }
        }
        return rows.rows((index, detail) -> RowFault.at(index, "/timestamps/" + index, detail));
    }
}
