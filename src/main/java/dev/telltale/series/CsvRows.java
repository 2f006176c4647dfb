package dev.telltale.series;

import de.siegmar.fastcsv.reader.CsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.reader.RecordType;
import dev.telltale.http.HttpProblem;
import dev.telltale.http.TimeParser;
import dev.telltale.http.Utf8;
import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;

/// Takes cells straight from the CSV parser's buffer, so that a row costs no objects. Reads one upload.
final class CsvRows extends CsvCallbackHandler<CsvRows> {

    private static final int LONGEST_LINE = 64 * 1024;

    private final TimeParser timeParser;
    private final RowBuffer rows = new RowBuffer();
    private final SampleFaults faults = new SampleFaults();
    private final List<String> header = new ArrayList<>();

    private boolean inHeader = true;
    private int timeColumn;
    private int valueColumn;

    // the line that is being read
    private RecordType type = RecordType.DATA;
    private long line;
    private int columns;
    private int length;
    private long time;
    private double value;
    private boolean broken;
    private boolean missing;

    CsvRows(TimeParser timeParser) {
        this.timeParser = timeParser;
    }

    SampleRows read(InputStream body) {
        try (CsvReader<CsvRows> reader = CsvReader.builder()
                .maxBufferSize(LONGEST_LINE)
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .build(this, Utf8.reader(body))) {
            for (CsvRows current : reader) {
                current.finishLine();
            }
        } catch (CsvParseException failure) {
            throw problem(failure);
        } catch (CharacterCodingException notUtf8) {
            throw notUtf8();
        } catch (UncheckedIOException failure) {
            throw failure.getCause() instanceof CharacterCodingException ? notUtf8() : failure;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        faults.check();
        if (inHeader) {
            throw SeriesProblem.EMPTY_UPLOAD.because("the body is empty; send a header and rows of CSV");
        }
        if (rows.isEmpty()) {
            throw SeriesProblem.EMPTY_UPLOAD.because("there is a header and no row below it");
        }
        return rows.rows(ProblemError::atLine);
    }

    @Override
    protected void beginRecord(long startingLine) {
        type = RecordType.DATA;
        line = startingLine;
        columns = 0;
        length = 0;
        broken = false;
        missing = false;
    }

    @Override
    protected void addField(char[] buffer, int start, int fieldLength, boolean quoted) {
        columns++;
        length += fieldLength + 1;
        if (length > LONGEST_LINE) {
            throw tooLong();
        }
        int from = start;
        int to = start + fieldLength;
        while (from < to && buffer[from] == ' ') {
            from++;
        }
        while (to > from && buffer[to - 1] == ' ') {
            to--;
        }
        if (inHeader) {
            header.add(new String(buffer, from, to - from));
        } else if (columns == timeColumn) {
            readTime(buffer, from, to - from);
        } else if (columns == valueColumn) {
            readValue(buffer, from, to - from);
        }
    }

    @Override
    protected CsvRows buildRecord() {
        return this;
    }

    @Override
    protected RecordType getRecordType() {
        return type;
    }

    @Override
    protected int getFieldCount() {
        return columns;
    }

    @Override
    protected void setComment(char[] buffer, int offset, int commentLength) {
        type = RecordType.COMMENT;
    }

    @Override
    protected void setEmpty() {
        type = RecordType.EMPTY;
    }

    private void finishLine() {
        if (inHeader) {
            readHeader();
        } else if (columns != header.size()) {
            faults.add(
                    SeriesProblem.BAD_CSV,
                    ProblemError.atLine(line, "expected " + header.size() + " cells, got " + columns));
        } else if (missing && !broken) {
            rows.addMissing();
        } else if (!broken) {
            rows.add(time, value, line);
        }
    }

    private void readHeader() {
        inHeader = false;
        timeColumn = 1 + header.indexOf("timestamp");
        valueColumn = 1 + header.indexOf("value");
        if (timeColumn == 0) {
            throw badHeader("there is no column 'timestamp'; name one so, and separate columns by commas");
        }
        if (valueColumn == 0 && header.size() == 2) {
            valueColumn = 3 - timeColumn;
        }
        if (valueColumn == 0) {
            throw badHeader("expected 'timestamp' and one value column, or one named 'value'");
        }
        if (header.stream().distinct().count() < header.size()) {
            throw badHeader("a column's name stands twice");
        }
    }

    private void readTime(char[] buffer, int start, int cellLength) {
        try {
            time = RowBuffer.checked(timeParser.parse(buffer, start, cellLength));
        } catch (Problem problem) {
            addFault(SeriesProblem.BAD_TIME, problem.detail());
        }
    }

    private void readValue(char[] buffer, int start, int cellLength) {
        if (cellLength == 0) {
            missing = true;
            return;
        }
        try {
            value = NumberParser.parse(buffer, start, cellLength);
        } catch (Problem problem) {
            addFault(SeriesProblem.BAD_VALUE, problem.detail());
        }
    }

    private void addFault(SeriesProblem kind, String detail) {
        broken = true;
        faults.add(kind, ProblemError.atCell(line, columns, detail));
    }

    private Problem badHeader(String detail) {
        String names = String.join(", ", header);
        String found = names.length() <= 200 ? names : names.substring(0, 200) + "…";
        return SeriesProblem.BAD_CSV
                .because("the header is '%s': %s", found, detail)
                .with(List.of(ProblemError.atLine(line, detail)));
    }

    private Problem tooLong() {
        return atThisLine("a line may have up to 64 KiB, this one is longer; is a quote left open?");
    }

    private Problem atThisLine(String detail) {
        return SeriesProblem.BAD_CSV
                .because("line %d: %s", line, detail)
                .with(List.of(ProblemError.atLine(line, detail)));
    }

    private Problem problem(CsvParseException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return problem;
            }
            if (String.valueOf(cause.getMessage()).contains("maximum buffer size")) {
                return tooLong();
            }
        }
        return atThisLine("the quotes are not in order: one is left open, or text follows a closed one");
    }

    private static Problem notUtf8() {
        return HttpProblem.INVALID_ENCODING.because("the body is not UTF-8 throughout; encode it anew");
    }
}
