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
    private final boolean flat;
    private final StringBuilder lines = new StringBuilder();

    /// @param flat whether the first channel is a single series, whose values stand beside the verdict
    CsvScores(OutputStream out, List<String> names, boolean flat) {
        this.out = out;
        this.flat = flat;
        this.channels = names.size();
        lines.append(
                flat
                        ? "timestamp,value,expected,lower,upper,error,score,anomalous"
                        : "timestamp,error,score,anomalous");
        if (channels > 1) {
            lines.append(header(names));
        }
        lines.append('\n');
    }

    private static String header(List<String> names) {
        StringBuilder header = new StringBuilder();
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
        if (flat) {
            writeChannel(row, 0);
        }
        writeVerdict(row);
        if (channels > 1) {
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
        cell(row.known(channel));
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
