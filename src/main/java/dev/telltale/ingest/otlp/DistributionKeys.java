package dev.telltale.ingest.otlp;

import dev.telltale.ingest.KeptSamples;
import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;

/// The series of a histogram or summary, named as Prometheus names them: `…_count`, `…_sum`, and one for each
/// quantile with it as label `quantile`.
final class DistributionKeys {

    private static final String QUANTILE = "quantile";

    private final SeriesKey base;
    private final SeriesKey count;
    private final SeriesKey sum;
    private final SeriesKey p50;
    private final SeriesKey p90;
    private final SeriesKey p99;

    /// @throws dev.telltale.problem.Problem if a name or label is not valid, or the label `quantile` is taken
    DistributionKeys(String name, Labels labels) {
        if (labels.values().containsKey(QUANTILE)) {
            throw OtlpProblem.BAD_POINT.because(
                    "a histogram or summary has an attribute that would be the label '%s', which is taken", QUANTILE);
        }
        base = new SeriesKey(name, labels);
        count = new SeriesKey(name + "_count", labels);
        sum = new SeriesKey(name + "_sum", labels);
        p50 = quantile(0.5);
        p90 = quantile(0.9);
        p99 = quantile(0.99);
    }

    SeriesKey base() {
        return base;
    }

    /// The series of a quantile, 0 to 1, written without needless zeros.
    SeriesKey quantile(double quantile) {
        Map<String, String> labels = new TreeMap<>(base.labels().values());
        labels.put(QUANTILE, BigDecimal.valueOf(quantile).stripTrailingZeros().toPlainString());
        return new SeriesKey(base.name(), Labels.of(labels));
    }

    void add(KeptSamples samples, long millis, Readings readings) {
        samples.add(count, millis, readings.count());
        addKnown(samples, sum, millis, readings.sum());
        addKnown(samples, p50, millis, readings.p50());
        addKnown(samples, p90, millis, readings.p90());
        addKnown(samples, p99, millis, readings.p99());
    }

    void end(KeptSamples samples, long millis) {
        for (SeriesKey key : new SeriesKey[] {count, sum, p50, p90, p99}) {
            samples.end(key, millis);
        }
    }

    private static void addKnown(KeptSamples samples, SeriesKey key, long millis, double value) {
        if (Double.isFinite(value)) {
            samples.add(key, millis, value);
        }
    }
}
