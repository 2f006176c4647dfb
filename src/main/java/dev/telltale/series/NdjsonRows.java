package dev.telltale.series;

import dev.telltale.http.HttpProblem;
import dev.telltale.http.Json;
import dev.telltale.http.JsonFaults;
import dev.telltale.http.TimeParser;
import dev.telltale.http.Utf8;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;

/// Reads a sample from each line, `{"timestamp": …, "value": …}`; blank lines are skipped. A broken line is
/// a fault of that line alone. Reads one upload.
final class NdjsonRows {

    private static final int LONGEST_LINE = 64 * 1024;

    private final Json json;
    private final JsonSample sample;
    private final RowSink rows;

    private final char[] buffer = new char[2 * LONGEST_LINE];
    private int start; // of the line in the buffer
    private int filled;
    private long line;

    NdjsonRows(Json json, TimeParser timeParser, RowSink rows) {
        this.json = json;
        this.sample = new JsonSample(timeParser, rows, (place, property, detail) -> RowFault.atLine(place, detail));
        this.rows = rows;
    }

    /// Reads the whole body.
    void read(InputStream body) {
        boolean empty = true;
        try (Reader reader = Utf8.reader(body)) {
            for (int end = lineEnd(reader); end >= 0; end = lineEnd(reader)) {
                line++;
                if (!isBlank(end)) {
                    empty = false;
                    readLine(end);
                }
                start = end + 1;
            }
        } catch (CharacterCodingException notUtf8) {
            throw HttpProblem.INVALID_ENCODING.because("the body is not UTF-8 throughout; encode it anew");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        if (empty) {
            throw SeriesProblem.EMPTY_UPLOAD.because("the body is empty; send a sample as JSON on each line");
        }
    }

    private void readLine(int end) {
        try (JsonParser parser = json.parser(buffer, start, end - start)) {
            parser.nextToken();
            sample.read(parser, true, line);
        } catch (JacksonException malformed) {
            fault(JsonFaults.problem(malformed));
        } catch (Problem problem) {
            if (!problem.errors().isEmpty()) {
                throw problem; // the faults of all lines so far
            }
            fault(problem);
        }
    }

    private void fault(Problem problem) {
        rows.fault(problem.type(), RowFault.atLine(line, problem.detail()));
        rows.spoilt(1);
    }

    /// Index behind the last character of the line, -1 if there is none any more.
    private int lineEnd(Reader reader) throws IOException {
        int at = start;
        while (true) {
            for (; at < filled; at++) {
                if (buffer[at] == '\n') {
                    return at;
                }
            }
            if (at - start > LONGEST_LINE) {
                String detail = "a line may have up to 64 KiB, this one is longer";
                throw HttpProblem.MALFORMED_JSON
                        .because("line %d: %s", line + 1, detail)
                        .with(List.of(ProblemError.atLine(line + 1, detail)));
            }
            if (start > 0) {
                System.arraycopy(buffer, start, buffer, 0, filled - start);
                at -= start;
                filled -= start;
                start = 0;
            }
            int count = reader.read(buffer, filled, buffer.length - 1 - filled);
            if (count < 0) {
                return filled > 0 ? endOfLastLine() : -1;
            }
            filled += count;
        }
    }

    /// Ends the last line, that has no end.
    private int endOfLastLine() {
        buffer[filled] = '\n';
        return filled++;
    }

    private boolean isBlank(int end) {
        for (int i = start; i < end; i++) {
            if (buffer[i] > ' ') {
                return false;
            }
        }
        return true;
    }
}
