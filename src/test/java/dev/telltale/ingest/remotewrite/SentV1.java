package dev.telltale.ingest.remotewrite;

import dev.telltale.wire.prometheus.v1.Label;
import dev.telltale.wire.prometheus.v1.Sample;
import dev.telltale.wire.prometheus.v1.TimeSeries;
import dev.telltale.wire.prometheus.v1.WriteRequest;

/// Requests of remote write 1.0, as a sender makes them.
final class SentV1 {

    private SentV1() {}

    /// One series with one sample.
    static WriteRequest request(long time, double value, String... labels) {
        return WriteRequest.newBuilder()
                .addTimeseries(series(labels).addSamples(sample(time, value)))
                .build();
    }

    /// A series without samples; names and values of labels follow each other.
    static TimeSeries.Builder series(String... labels) {
        TimeSeries.Builder series = TimeSeries.newBuilder();
        for (int i = 0; i < labels.length; i += 2) {
            series.addLabels(Label.newBuilder().setName(labels[i]).setValue(labels[i + 1]));
        }
        return series;
    }

    static Sample sample(long time, double value) {
        return Sample.newBuilder().setTimestamp(time).setValue(value).build();
    }
}
