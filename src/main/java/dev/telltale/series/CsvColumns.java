package dev.telltale.series;

import dev.telltale.problem.Problem;
import dev.telltale.problem.ProblemError;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// What the columns of a CSV mean, by its header. Columns are numbered from 1.
final class CsvColumns {

    private static final String TIME = "timestamp";
    private static final String VALUE = "value";
    private static final String SERIES = "series";

    private final int count;
    private final int time;
    private final int[] values;
    private final int[] series; // of the values, by column; where a column of names says it, 0
    private final int names;
    private final Optional<UploadSeries> named;

    private CsvColumns(int count, int time, int[] values, int names, Optional<UploadSeries> named) {
        this.count = count;
        this.time = time;
        this.values = values;
        this.names = names;
        this.named = named;
        this.series = new int[count + 1];
        for (int i = 0; i < values.length; i++) {
            series[values[i]] = i;
        }
    }

    /// Reads a header line.
    @FunctionalInterface
    interface Layout {
        CsvColumns of(List<String> header, long line);
    }

    /// One series: `timestamp` and `value`, or `timestamp` and one other column.
    ///
    /// @throws Problem `BAD_CSV`
    static CsvColumns ofOneSeries(List<String> header, long line) {
        int time = time(header, line);
        int value = 1 + header.indexOf(VALUE);
        if (value == 0 && header.size() == 2) {
            value = 3 - time;
        }
        if (value == 0) {
            throw bad(header, line, "expected 'timestamp' and one value column, or one named 'value'");
        }
        refuseRepeated(header, line);
        return new CsvColumns(header.size(), time, new int[] {value}, 0, Optional.empty());
    }

    /// A table: `timestamp` and columns of any other names.
    ///
    /// @throws Problem `BAD_CSV`
    static CsvColumns ofTable(List<String> header, long line) {
        int time = time(header, line);
        refuseRepeated(header, line);
        if (header.size() < 2) {
            throw bad(header, line, "there is no column of values");
        }
        int[] values = IntStream.rangeClosed(1, header.size())
                .filter(column -> column != time)
                .toArray();
        return new CsvColumns(header.size(), time, values, 0, Optional.empty());
    }

    /// Several series: `timestamp` and a column for each, or `timestamp`, `series` and `value`.
    ///
    /// @param series takes the names
    /// @throws Problem `BAD_CSV`, `BAD_SERIES_NAME` with the columns that cannot name one, or `SERIES_LIMIT`
    static CsvColumns ofSeveralSeries(List<String> header, long line, UploadSeries series) {
        int time = time(header, line);
        refuseRepeated(header, line);
        if (header.contains(SERIES)) {
            int value = 1 + header.indexOf(VALUE);
            if (header.size() != 3 || value == 0) {
                throw bad(header, line, "beside a column 'series' there are 'timestamp' and 'value', no others");
            }
            return new CsvColumns(3, time, new int[] {value}, 1 + header.indexOf(SERIES), Optional.of(series));
        }
        if (header.size() < 2) {
            throw bad(header, line, "there is no column of values");
        }
        SampleFaults faults = new SampleFaults(false);
        List<Integer> values = new ArrayList<>();
        for (int column = 1; column <= header.size(); column++) {
            if (column != time) {
                values.add(column);
                try {
                    series.column(header.get(column - 1));
                } catch (Problem problem) {
                    if (!UploadSeries.isBadName(problem)) {
                        throw problem;
                    }
                    faults.add(problem.type(), CsvRows.fault(CsvRows.place(line, column), problem.detail()));
                }
            }
        }
        faults.check();
        return new CsvColumns(
                header.size(), time, values.stream().mapToInt(Integer::intValue).toArray(), 0, Optional.empty());
    }

    boolean isTime(int column) {
        return column == time;
    }

    /// Whether a column says of which series a line is.
    boolean hasNames() {
        return names > 0;
    }

    boolean isName(int column) {
        return column == names;
    }

    boolean isValue(int column) {
        return column <= count && column != time && column != names && (values.length > 1 || column == values[0]);
    }

    /// The columns of values.
    int[] values() {
        return values;
    }

    /// Number of the series whose values stand in this column, where the header says it.
    int series(int column) {
        return series[column];
    }

    /// Number of the series that a cell names.
    ///
    /// @throws Problem if the text names none
    int named(char[] text, int offset, int length) {
        return named.orElseThrow().named(text, offset, length);
    }

    private static int time(List<String> header, long line) {
        int time = 1 + header.indexOf(TIME);
        if (time == 0) {
            throw bad(header, line, "there is no column 'timestamp'; name one so, and separate columns by commas");
        }
        return time;
    }

    private static void refuseRepeated(List<String> header, long line) {
        Set<String> names = new HashSet<>();
        List<ProblemError> repeated = IntStream.range(0, header.size())
                .filter(at -> !names.add(header.get(at)))
                .limit(FirstFaults.MOST)
                .mapToObj(at -> ProblemError.atCell(line, at + 1, "this name stands before it already"))
                .toList();
        if (!repeated.isEmpty()) {
            throw bad(header, line, "a column's name stands twice").with(repeated);
        }
    }

    private static Problem bad(List<String> header, long line, String detail) {
        String names = String.join(", ", header);
        String found = names.length() <= 200 ? names : names.substring(0, 200) + "…";
        return SeriesProblem.BAD_CSV
                .because("the header is '%s': %s", found, detail)
                .with(List.of(ProblemError.atLine(line, detail)));
    }
}
