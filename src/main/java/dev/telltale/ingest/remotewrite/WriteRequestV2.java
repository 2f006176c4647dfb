package dev.telltale.ingest.remotewrite;

import dev.telltale.ingest.IngestProblem;
import dev.telltale.wire.prometheus.v2.Request;
import dev.telltale.wire.prometheus.v2.Sample;
import dev.telltale.wire.prometheus.v2.TimeSeries;
import java.io.IOException;
import java.util.Arrays;

/// Reads an `io.prometheus.write.v2.Request`: series name their labels by the places of these in a table of
/// symbols. Metadata are not read.
final class WriteRequestV2 {

    private static final int SYMBOLS = ProtobufReader.bytesTag(Request.SYMBOLS_FIELD_NUMBER);
    private static final int TIMESERIES = ProtobufReader.bytesTag(Request.TIMESERIES_FIELD_NUMBER);
    private static final int LABELS = ProtobufReader.bytesTag(TimeSeries.LABELS_REFS_FIELD_NUMBER);
    private static final int ONE_LABEL = ProtobufReader.varintTag(TimeSeries.LABELS_REFS_FIELD_NUMBER);
    private static final int SAMPLES = ProtobufReader.bytesTag(TimeSeries.SAMPLES_FIELD_NUMBER);
    private static final int HISTOGRAMS = ProtobufReader.bytesTag(TimeSeries.HISTOGRAMS_FIELD_NUMBER);
    private static final int EXEMPLARS = ProtobufReader.bytesTag(TimeSeries.EXEMPLARS_FIELD_NUMBER);
    private static final int VALUE = ProtobufReader.fixed64Tag(Sample.VALUE_FIELD_NUMBER);
    private static final int TIMESTAMP = ProtobufReader.varintTag(Sample.TIMESTAMP_FIELD_NUMBER);

    private static final int MOST_SYMBOLS = 1_000_000;
    private static final int NONE = -1;

    private final SeriesCollector series;
    private final ProtobufReader.Field seriesFields = this::seriesField;
    private final ProtobufReader.Field sampleFields = this::sampleField;
    private int[] symbolAt = new int[256];
    private int[] symbolLength = new int[256];
    private int symbols;

    // of the message being read
    private int nameSymbol;
    private long value;
    private long time;

    private WriteRequestV2(SeriesCollector series) {
        this.series = series;
    }

    /// Reads the symbols first, wherever they stand.
    static void read(byte[] body, SeriesCollector series) {
        WriteRequestV2 request = new WriteRequestV2(series);
        try {
            new ProtobufReader(body).fields(request::symbolField);
            if (request.symbols > 0 && request.symbolLength[0] > 0) {
                throw RemoteWriteProblem.MALFORMED_REQUEST.because(
                        "the first symbol must be empty; nothing was written");
            }
            new ProtobufReader(body).fields(request::seriesFieldOfRequest);
        } catch (IOException malformed) {
            throw RemoteWriteProblem.malformed("2.0");
        }
    }

    private void symbolField(int tag, ProtobufReader in) throws IOException {
        if (tag != SYMBOLS) {
            in.skip(tag);
            return;
        }
        if (symbols == MOST_SYMBOLS) {
            throw IngestProblem.TOO_MUCH_AT_ONCE.because(
                    "a request may have %d symbols; send the series in several", MOST_SYMBOLS);
        }
        if (symbols == symbolAt.length) {
            symbolAt = Arrays.copyOf(symbolAt, 2 * symbols);
            symbolLength = Arrays.copyOf(symbolLength, 2 * symbols);
        }
        symbolLength[symbols] = in.bytes();
        symbolAt[symbols] = in.position() - symbolLength[symbols];
        symbols++;
    }

    private void seriesFieldOfRequest(int tag, ProtobufReader in) throws IOException {
        if (tag == TIMESERIES) {
            series.begin();
            nameSymbol = NONE;
            in.message(seriesFields);
            if (nameSymbol != NONE) {
                series.fault("its labels have an odd number of symbols");
            }
            series.end();
        } else {
            in.skip(tag);
        }
    }

    private void seriesField(int tag, ProtobufReader in) throws IOException {
        if (tag == SAMPLES) {
            value = 0;
            time = 0;
            in.message(sampleFields);
            series.sample(value, time);
        } else if (tag == LABELS) {
            int limit = in.packed();
            while (!in.isAtEnd()) {
                symbol(in);
            }
            in.endPacked(limit);
        } else if (tag == ONE_LABEL) {
            symbol(in);
        } else {
            if (tag == EXEMPLARS) {
                series.exemplar();
            } else if (tag == HISTOGRAMS) {
                series.histogram();
            }
            in.skip(tag);
        }
    }

    private void symbol(ProtobufReader in) throws IOException {
        long symbol = in.varint() & 0xffffffffL;
        if (symbol >= symbols) {
            series.fault("it names symbol " + symbol + " of " + symbols);
        } else if (nameSymbol == NONE) {
            nameSymbol = (int) symbol;
        } else {
            int valueSymbol = (int) symbol;
            series.label(
                    in.body(),
                    symbolAt[nameSymbol],
                    symbolLength[nameSymbol],
                    symbolAt[valueSymbol],
                    symbolLength[valueSymbol]);
            nameSymbol = NONE;
        }
    }

    private void sampleField(int tag, ProtobufReader in) throws IOException {
        if (tag == VALUE) {
            value = in.fixed64();
        } else if (tag == TIMESTAMP) {
            time = in.varint();
        } else {
            in.skip(tag);
        }
    }
}
