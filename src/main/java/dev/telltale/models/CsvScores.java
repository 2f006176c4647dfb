package dev.telltale.models;

import dev.telltale.http.Times;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalDouble;

/// Scored rows as CSV: a header and one line for each row; what is unknown is an empty cell.
final class CsvScores implements ScoreWriter {

    private static final int HELD_BACK = 8_000;

    private final OutputStream out;
    private final int channels;
    private final StringBuilder lines = new StringBuilder();

    CsvScores(OutputStream out, List<String> names) {
        this.out = out;
        this.channels = names.size();
        lines.append(channels == 1 ? "timestamp,value,expected,lower,upper,error,score,anomalous" : header(names));
        lines.append('\n');
    }

    private static String header(List<String> names) {
        StringBuilder header = new StringBuilder("timestamp,error,score,anomalous");
        for (String name : names) {
            for (String column : List.of("value", "expected", "lower", "upper", "contribution")) {
                header.append(',').append(quoted(name + "." + column));
            }
        }
        return header.toString();
    }

    /// A name with labels holds quotation marks and may hold commas.
    private static String quoted(String name) {
        return name.matches("[A-Za-z0-9_:.-]*") ? name : '"' + name.replace("\"", "\"\"") + '"';
    }

    @Override
    public void write(ScoredRow row) {
        lines.append(Times.format(row.time()));
        if (channels == 1) {
            writeChannel(row, 0);
            writeVerdict(row);
        } else {
            writeVerdict(row);
            for (int channel = 0; channel < channels; channel++) {
                writeChannel(row, channel);
                cell(row.contribution(channel));
            }
        }
        lines.append('\n');
        if (lines.length() > HELD_BACK) {
            flush();
        }
    }

    private void writeChannel(ScoredRow row, int channel) {
        lines.append(',').append(row.value(channel));
        cell(row.expected(channel));
        cell(row.lower(channel));
        cell(row.upper(channel));
    }

    private void writeVerdict(ScoredRow row) {
        cell(row.error());
        cell(row.score());
        lines.append(',').append(row.anomalous());
    }

    private void cell(OptionalDouble value) {
        lines.append(',');
        value.ifPresent(lines::append);
    }

    private void flush() {
        try {
            out.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException callerHasGone) {
            throw new UncheckedIOException(callerHasGone);
        }
        lines.setLength(0);
    }

    @Override
    public void close() {
        flush();
    }
}
