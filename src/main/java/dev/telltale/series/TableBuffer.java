package dev.telltale.series;

import dev.telltale.http.HttpProblem;
import dev.telltale.problem.ProblemType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// Keeps the columns of a table in memory while it is read; any fault refuses them all.
final class TableBuffer implements RowSink {

    /// As many values as a `RowBuffer` takes rows.
    static final int MOST_VALUES = 10_000_000;

    private final List<String> names = new ArrayList<>();
    private final List<RowBuffer> columns = new ArrayList<>();
    private final SampleFaults faults = new SampleFaults(false);
    private final Consumer<Collection<String>> told;
    private int values;

    /// @param told of the names of the columns; what it throws refuses the table
    TableBuffer(Consumer<Collection<String>> told) {
        this.told = told;
    }

    /// Reads the header line, which names the columns.
    CsvColumns layout(List<String> header, long line) {
        CsvColumns layout = CsvColumns.ofTable(header, line);
        for (int column : layout.values()) {
            names.add(header.get(column - 1));
        }
        told.accept(names);
        names.forEach(name -> columns.add(new RowBuffer()));
        return layout;
    }

    @Override
    public void add(int series, long time, double value, long place) {
        values++;
        if (values > MOST_VALUES) {
            throw HttpProblem.BODY_TOO_LARGE.because("a body has up to %d values; send it in parts", MOST_VALUES);
        }
        columns.get(series).add(series, time, value, place);
    }

    @Override
    public void addMissing(int series) {
        columns.get(series).addMissing(series);
    }

    @Override
    public void fault(ProblemType type, RowFault fault) {
        faults.add(type, fault);
    }

    @Override
    public void spoilt(int rows) {
        // a fault refuses all rows
    }

    /// Gives the rows of each column away.
    ///
    /// @throws dev.telltale.problem.Problem with the faults, if there are any
    Map<String, SampleRows> columns(RowFault.Form form) {
        faults.check();
        Map<String, SampleRows> rows = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            rows.put(names.get(i), columns.get(i).rows(form));
        }
        return rows;
    }
}
