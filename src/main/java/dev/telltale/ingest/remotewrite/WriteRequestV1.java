package dev.telltale.ingest.remotewrite;

import dev.telltale.wire.prometheus.v1.Label;
import dev.telltale.wire.prometheus.v1.Sample;
import dev.telltale.wire.prometheus.v1.TimeSeries;
import dev.telltale.wire.prometheus.v1.WriteRequest;
import java.io.IOException;

/// Reads a `prometheus.WriteRequest`: each series has its labels beside it. Metadata are not read.
final class WriteRequestV1 {

    private static final int TIMESERIES = ProtobufReader.bytesTag(WriteRequest.TIMESERIES_FIELD_NUMBER);
    private static final int LABELS = ProtobufReader.bytesTag(TimeSeries.LABELS_FIELD_NUMBER);
    private static final int SAMPLES = ProtobufReader.bytesTag(TimeSeries.SAMPLES_FIELD_NUMBER);
    private static final int EXEMPLARS = ProtobufReader.bytesTag(TimeSeries.EXEMPLARS_FIELD_NUMBER);
    private static final int HISTOGRAMS = ProtobufReader.bytesTag(TimeSeries.HISTOGRAMS_FIELD_NUMBER);
    private static final int LABEL_NAME = ProtobufReader.bytesTag(Label.NAME_FIELD_NUMBER);
    private static final int LABEL_VALUE = ProtobufReader.bytesTag(Label.VALUE_FIELD_NUMBER);
    private static final int VALUE = ProtobufReader.fixed64Tag(Sample.VALUE_FIELD_NUMBER);
    private static final int TIMESTAMP = ProtobufReader.varintTag(Sample.TIMESTAMP_FIELD_NUMBER);

    private final SeriesCollector series;
    private final ProtobufReader.Field seriesFields = this::seriesField;
    private final ProtobufReader.Field sampleFields = this::sampleField;
    private final ProtobufReader.Field labelFields = this::labelField;

    // of the message being read
    private int nameAt;
    private int nameLength;
    private int valueAt;
    private int valueLength;
    private long value;
    private long time;

    private WriteRequestV1(SeriesCollector series) {
        this.series = series;
    }

    static void read(byte[] body, SeriesCollector series) {
        WriteRequestV1 request = new WriteRequestV1(series);
        try {
            new ProtobufReader(body).fields(request::field);
        } catch (IOException malformed) {
            throw RemoteWriteProblem.malformed("1.0");
        }
    }

    private void field(int tag, ProtobufReader in) throws IOException {
        if (tag == TIMESERIES) {
            series.begin();
            in.message(seriesFields);
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
            nameLength = 0;
            valueLength = 0;
            in.message(labelFields);
            series.label(in.body(), nameAt, nameLength, valueAt, valueLength);
        } else {
            if (tag == EXEMPLARS) {
                series.exemplar();
            } else if (tag == HISTOGRAMS) {
                series.histogram();
            }
            in.skip(tag);
        }
    }

    private void labelField(int tag, ProtobufReader in) throws IOException {
        if (tag == LABEL_NAME) {
            nameLength = in.bytes();
            nameAt = in.position() - nameLength;
        } else if (tag == LABEL_VALUE) {
            valueLength = in.bytes();
            valueAt = in.position() - valueLength;
        } else {
            in.skip(tag);
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
