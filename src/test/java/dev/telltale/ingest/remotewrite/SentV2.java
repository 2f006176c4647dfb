package dev.telltale.ingest.remotewrite;

import dev.telltale.wire.prometheus.v2.Exemplar;
import dev.telltale.wire.prometheus.v2.Histogram;
import dev.telltale.wire.prometheus.v2.Metadata;
import dev.telltale.wire.prometheus.v2.Request;
import dev.telltale.wire.prometheus.v2.Sample;
import dev.telltale.wire.prometheus.v2.TimeSeries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A request of remote write 2.0, as a sender makes it: symbols in the order of their first use.
final class SentV2 {

    private final Map<String, Integer> symbols = new LinkedHashMap<>(Map.of("", 0));
    private final List<TimeSeries.Builder> series = new ArrayList<>();

    /// Adds a series; names and values of labels follow each other.
    SentV2 series(String... labels) {
        TimeSeries.Builder one = TimeSeries.newBuilder();
        for (String label : labels) {
            one.addLabelsRefs(symbol(label));
        }
        series.add(one);
        return this;
    }

    SentV2 sample(long time, double value) {
        series.getLast().addSamples(Sample.newBuilder().setTimestamp(time).setValue(value));
        return this;
    }

    /// A sample of a counter that began at `start`.
    SentV2 counted(long time, double value, long start) {
        series.getLast()
                .addSamples(
                        Sample.newBuilder().setTimestamp(time).setValue(value).setStartTimestamp(start));
        return this;
    }

    SentV2 exemplar(long time, double value, String... labels) {
        Exemplar.Builder exemplar = Exemplar.newBuilder().setTimestamp(time).setValue(value);
        for (String label : labels) {
            exemplar.addLabelsRefs(symbol(label));
        }
        series.getLast().addExemplars(exemplar);
        return this;
    }

    SentV2 histogram(Histogram histogram) {
        series.getLast().addHistograms(histogram);
        return this;
    }

    SentV2 metadata(Metadata.MetricType type, String help, String unit) {
        series.getLast()
                .setMetadata(Metadata.newBuilder()
                        .setType(type)
                        .setHelpRef(symbol(help))
                        .setUnitRef(symbol(unit)));
        return this;
    }

    Request request() {
        Request.Builder request = Request.newBuilder().addAllSymbols(symbols.keySet());
        series.forEach(request::addTimeseries);
        return request.build();
    }

    private int symbol(String text) {
        return symbols.computeIfAbsent(text, absent -> symbols.size());
    }
}
