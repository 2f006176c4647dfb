package dev.telltale.series;

import dev.telltale.http.Json;
import dev.telltale.http.TimeParser;
import java.io.InputStream;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/// Reads uploads of samples as they come, one row at a time. Times are epoch milliseconds, RFC 3339 or
/// naive; values are finite decimal numbers or missing. Up to a hundred faults are reported at once.
public final class SampleReader {

    private final Json json;

    public SampleReader(Json json) {
        this.json = json;
    }

    /// Reads CSV (RFC 4180) with a header that names `timestamp` and `value`, or `timestamp` and one other
    /// column. An empty cell is a missing value. Lines have up to 64 KiB.
    ///
    /// @param zone the zone of naive times
    /// @throws dev.telltale.problem.Problem `BAD_CSV`, `BAD_TIME`, `BAD_VALUE` or `EMPTY_UPLOAD`
    public SampleRows csv(InputStream body, ZoneId zone) {
        return read(UploadFormat.CSV, body, zone);
    }

    /// Reads `{"samples": [{"timestamp": …, "value": …}]}`. `null` is a missing value.
    ///
    /// @param zone the zone of naive times
    /// @throws dev.telltale.problem.Problem `BAD_TIME`, `BAD_VALUE`, `EMPTY_UPLOAD`, or one of `HttpProblem`
    public SampleRows json(InputStream body, ZoneId zone) {
        return read(UploadFormat.JSON, body, zone);
    }

    /// Reads `{"timestamp": …, "value": …}` from each line. `null` is a missing value. Lines have up to
    /// 64 KiB.
    ///
    /// @param zone the zone of naive times
    /// @throws dev.telltale.problem.Problem `BAD_TIME`, `BAD_VALUE`, `EMPTY_UPLOAD`, or one of `HttpProblem`
    public SampleRows ndjson(InputStream body, ZoneId zone) {
        return read(UploadFormat.NDJSON, body, zone);
    }

    /// Reads samples of one series into memory.
    ///
    /// @throws dev.telltale.problem.Problem as for its format
    SampleRows read(UploadFormat format, InputStream body, ZoneId zone) {
        RowBuffer rows = new RowBuffer();
        read(format, CsvColumns::ofOneSeries, body, zone, rows);
        return rows.rows(faults(format));
    }

    /// Reads samples row by row.
    ///
    /// @param layout what the header of a CSV means
    void read(UploadFormat format, CsvColumns.Layout layout, InputStream body, ZoneId zone, RowSink rows) {
        TimeParser times = TimeParser.naiveIn(zone);
        switch (format) {
            case CSV -> new CsvRows(times, layout, rows).read(body);
            case JSON -> new JsonRows(json, times, rows).read(body);
            case NDJSON -> new NdjsonRows(json, times, rows).read(body);
        }
    }

    /// How faults of rows are told that show only once they were read.
    static RowFault.Form faults(UploadFormat format) {
        return switch (format) {
            case CSV -> CsvRows::fault;
            case JSON -> JsonRows::fault;
            case NDJSON -> RowFault::atLine;
        };
    }

    /// Reads CSV with a header that names `timestamp` and a column for each series. An empty cell is a missing
    /// value.
    ///
    /// @param columns is told of their names before a value is read; what it throws refuses the table
    /// @param zone the zone of naive times
    /// @return the rows of each column, in the order of the columns
    /// @throws dev.telltale.problem.Problem `BAD_CSV`, `BAD_TIME`, `BAD_VALUE` or `EMPTY_UPLOAD`
    public Map<String, SampleRows> csvTable(InputStream body, Consumer<Collection<String>> columns, ZoneId zone) {
        TableBuffer rows = new TableBuffer(columns);
        read(UploadFormat.CSV, rows::layout, body, zone, rows);
        return rows.columns(faults(UploadFormat.CSV));
    }

    /// Reads `{"timestamps": […], "series": {"a": […], "b": […]}}`: lists of one length, a row from each
    /// place in them. `null` is a missing value.
    ///
    /// @param columns is told of the names so far before the values of each are read; what it throws refuses the
    ///     table
    /// @param zone the zone of naive times
    /// @return the rows of each column, in the order of the columns
    /// @throws dev.telltale.problem.Problem `BAD_TIME`, `BAD_VALUE`, `EMPTY_UPLOAD`, `UNEQUAL_LENGTHS`, or one
    ///     of `HttpProblem`
    public Map<String, SampleRows> jsonTable(InputStream body, Consumer<Collection<String>> columns, ZoneId zone) {
        return new JsonTable(json, TimeParser.naiveIn(zone), columns).read(body);
    }
}
