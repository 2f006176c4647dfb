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
import dev.telltale.problem.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes cells straight from the CSV parser's buffer, so that a row costs no objects. Reads one upload.
final class CsvRows extends CsvCallbackHandler<CsvRows> {

    private static final int LONGEST_LINE = 64 * 1024;
    /// A place is a line and a column; a line of 64 KiB has up to 65,536 columns.
    private static final int COLUMN_BITS = 17;

    /// How a cell of the line that is being read stands.
    private enum Cell {
        GOOD,
        MISSING,
        BROKEN
    }

    private final TimeParser timeParser;
    private final CsvColumns.Layout layout;
    private final RowSink rows;
    private final List<String> header = new ArrayList<>();

    private @Nullable CsvColumns columns; // null while the header is read
    private double[] values = {};
    private Cell[] cells = {};
    private boolean empty = true;

    // the line that is being read
    private RecordType type = RecordType.DATA;
    private long line;
    private int column;
    private int length;
    private long time;
    private int series;
    private boolean broken;

    /// @param layout what the header means
    CsvRows(TimeParser timeParser, CsvColumns.Layout layout, RowSink rows) {
        this.timeParser = timeParser;
        this.layout = layout;
        this.rows = rows;
    }

    /// A fault of a row at its place.
    static RowFault fault(long place, String detail) {
        int at = (int) (place & ((1 << COLUMN_BITS) - 1));
        return new RowFault(place, ProblemError.atCell(place >> COLUMN_BITS, at, detail));
    }

    /// The place of a cell.
    static long place(long line, int column) {
        return (line << COLUMN_BITS) | column;
    }

    /// Reads the whole body.
    void read(InputStream body) {
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
        if (columns == null) {
            throw SeriesProblem.EMPTY_UPLOAD.because("the body is empty; send a header and rows of CSV");
        }
        if (empty) {
            throw SeriesProblem.EMPTY_UPLOAD.because("there is a header and no row below it");
        }
    }

    @Override
    protected void beginRecord(long startingLine) {
        type = RecordType.DATA;
        line = startingLine;
        column = 0;
        length = 0;
        broken = false;
    }

    @Override
    protected void addField(char[] buffer, int start, int fieldLength, boolean quoted) {
        column++;
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
        if (columns == null) {
            header.add(new String(buffer, from, to - from));
        } else if (columns.isValue(column)) {
            readValue(buffer, from, to - from);
        } else if (columns.isTime(column)) {
            readTime(buffer, from, to - from);
        } else if (columns.isName(column)) {
            readName(columns, buffer, from, to - from);
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
        return column;
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
        if (columns == null) {
            columns = layout.of(header, line);
            values = new double[header.size() + 1];
            cells = new Cell[header.size() + 1];
            return;
        }
        empty = false;
        if (column == header.size()) {
            addRows(columns);
        } else {
            rows.fault(
                    SeriesProblem.BAD_CSV,
                    new RowFault(
                            place(line, 0),
                            ProblemError.atLine(line, "expected " + header.size() + " cells, got " + column)));
            rows.spoilt(columns.values().length);
        }
    }

    private void addRows(CsvColumns known) {
        int spoilt = 0;
        for (int at : known.values()) {
            int ofSeries = known.hasNames() ? series : known.series(at);
            if (cells[at] == Cell.BROKEN || broken) {
                spoilt++;
            } else if (cells[at] == Cell.MISSING) {
                rows.addMissing(ofSeries);
            } else {
                rows.add(ofSeries, time, values[at], place(line, at));
            }
        }
        if (spoilt > 0) {
            rows.spoilt(spoilt);
        }
    }

    private void readTime(char[] buffer, int start, int cellLength) {
        try {
            time = Intake.checked(timeParser.parse(buffer, start, cellLength));
        } catch (Problem problem) {
            broken = true;
            fault(SeriesProblem.BAD_TIME, problem.detail());
        }
    }

    private void readName(CsvColumns known, char[] buffer, int start, int cellLength) {
        try {
            series = known.named(buffer, start, cellLength);
        } catch (Problem problem) {
            if (!UploadSeries.isBadName(problem)) {
                throw problem;
            }
            broken = true;
            fault(problem.type(), problem.detail());
        }
    }

    private void readValue(char[] buffer, int start, int cellLength) {
        if (cellLength == 0) {
            cells[column] = Cell.MISSING;
            return;
        }
        try {
            values[column] = NumberParser.parse(buffer, start, cellLength);
            cells[column] = Cell.GOOD;
        } catch (Problem problem) {
            cells[column] = Cell.BROKEN;
            fault(SeriesProblem.BAD_VALUE, problem.detail());
        }
    }

    private void fault(ProblemType kind, String detail) {
        rows.fault(kind, fault(place(line, column), detail));
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
