package dev.telltale.hostile;

import dev.telltale.http.RawRequest;
import dev.telltale.wire.prometheus.v1.Label;
import dev.telltale.wire.prometheus.v1.Sample;
import dev.telltale.wire.prometheus.v1.TimeSeries;
import dev.telltale.wire.prometheus.v1.WriteRequest;
import dev.telltale.wire.prometheus.v2.Request;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import java.util.Arrays;

/// Bodies of remote write, right and wrong.
final class Pushes {

    static final String PATH = "/api/v1/ingest/prometheus/write";
    static final String V1 = "application/x-protobuf";
    static final String V2 = "application/x-protobuf;proto=io.prometheus.write.v2.Request";

    private Pushes() {}

    /// Samples of one series in version 1: times and values follow each other.
    static RawRequest pushed(String name, Number... timesAndValues) {
        return post(V1, snappy(v1(name, timesAndValues).toByteArray()));
    }

    static WriteRequest v1(String name, Number... timesAndValues) {
        TimeSeries.Builder series = TimeSeries.newBuilder()
                .addLabels(Label.newBuilder().setName("__name__").setValue(name));
        for (int i = 0; i < timesAndValues.length; i += 2) {
            series.addSamples(Sample.newBuilder()
                    .setTimestamp(timesAndValues[i].longValue())
                    .setValue(timesAndValues[i + 1].doubleValue()));
        }
        return WriteRequest.newBuilder().addTimeseries(series).build();
    }

    /// One sample of each series in version 2, the labels of a series given by the places of symbols.
    static Request v2(String[] symbols, int[]... references) {
        Request.Builder request = Request.newBuilder().addAllSymbols(Arrays.asList(symbols));
        for (int[] labels : references) {
            dev.telltale.wire.prometheus.v2.TimeSeries.Builder series =
                    dev.telltale.wire.prometheus.v2.TimeSeries.newBuilder();
            for (int label : labels) {
                series.addLabelsRefs(label);
            }
            request.addTimeseries(series.addSamples(dev.telltale.wire.prometheus.v2.Sample.newBuilder()
                    .setTimestamp(System.currentTimeMillis())
                    .setValue(1)));
        }
        return request.build();
    }

    static RawRequest post(String type, byte[] body) {
        return RawRequest.post(PATH, type, body, "snappy");
    }

    static byte[] snappy(byte[] body) {
        SnappyJavaCompressor compressor = new SnappyJavaCompressor();
        byte[] block = new byte[compressor.maxCompressedLength(body.length)];
        return Arrays.copyOf(block, compressor.compress(body, 0, body.length, block, 0, block.length));
    }
}
