package dev.telltale.egress;

import dev.telltale.live.LiveScore;
import dev.telltale.live.ScoreSeries;
import dev.telltale.wire.prometheus.v1.Label;
import dev.telltale.wire.prometheus.v1.Sample;
import dev.telltale.wire.prometheus.v1.TimeSeries;
import dev.telltale.wire.prometheus.v1.WriteRequest;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The body of a request of remote write 1.0: `telltale_score` of each row and, where it has them,
/// `telltale_expected`, `telltale_lower` and `telltale_upper`.
///
/// @see <a href="https://prometheus.io/docs/specs/prw/remote_write_spec/">Remote write 1.0</a>
final class WriteBody {

    private static final String NAME_LABEL = "__name__";
    private static final List<String> NAMES =
            List.of(ScoreSeries.NAME, "telltale_expected", "telltale_lower", "telltale_upper");

    private WriteBody() {}

    /// Samples that the scores of one row make.
    static int samples(LiveScore score) {
        int samples = 0;
        for (double value : values(score)) {
            samples += Double.isNaN(value) ? 0 : 1;
        }
        return samples;
    }

    static int samples(List<LiveScore> scores) {
        return scores.stream().mapToInt(WriteBody::samples).sum();
    }

    /// About how many bytes they take before they are compressed.
    static int bytes(LiveScore score) {
        int labels = score.series().name().length();
        for (Map.Entry<String, String> label : score.series().labels().values().entrySet()) {
            labels += label.getKey().length() + label.getValue().length();
        }
        return samples(score) * labels;
    }

    /// A block of snappy.
    ///
    /// @param scores those of one detector and series in order of time
    static byte[] of(List<LiveScore> scores) {
        Map<SortedMap<String, String>, TimeSeries.Builder[]> series = new LinkedHashMap<>();
        for (LiveScore score : scores) {
            TimeSeries.Builder[] four = series.computeIfAbsent(
                    PrometheusLabels.of(score.detector(), score.series()), labels -> builders(labels));
            double[] values = values(score);
            for (int i = 0; i < values.length; i++) {
                if (!Double.isNaN(values[i])) {
                    four[i].addSamples(
                            Sample.newBuilder().setTimestamp(score.time()).setValue(values[i]));
                }
            }
        }
        WriteRequest.Builder request = WriteRequest.newBuilder();
        for (TimeSeries.Builder[] four : series.values()) {
            for (TimeSeries.Builder one : four) {
                if (one.getSamplesCount() > 0) {
                    request.addTimeseries(one);
                }
            }
        }
        return compressed(request.build().toByteArray());
    }

    private static double[] values(LiveScore score) {
        return new double[] {score.score(), score.expected(), score.lower(), score.upper()};
    }

    private static TimeSeries.Builder[] builders(SortedMap<String, String> labels) {
        return NAMES.stream().map(name -> builder(name, labels)).toArray(TimeSeries.Builder[]::new);
    }

    private static TimeSeries.Builder builder(String name, SortedMap<String, String> labels) {
        SortedMap<String, String> all = new TreeMap<>(labels); // receivers want them in order
        all.put(NAME_LABEL, name);
        TimeSeries.Builder series = TimeSeries.newBuilder();
        all.forEach((label, value) ->
                series.addLabels(Label.newBuilder().setName(label).setValue(value)));
        return series;
    }

    private static byte[] compressed(byte[] body) {
        SnappyJavaCompressor compressor = new SnappyJavaCompressor();
        byte[] block = new byte[compressor.maxCompressedLength(body.length)];
        return Arrays.copyOf(block, compressor.compress(body, 0, body.length, block, 0, block.length));
    }
}
