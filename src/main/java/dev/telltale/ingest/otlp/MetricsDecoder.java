package dev.telltale.ingest.otlp;

import dev.telltale.ingest.ForeignLabels;
import dev.telltale.ingest.ForeignNames;
import dev.telltale.ingest.KeptSamples;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.problem.Problem;
import dev.telltale.series.Labels;
import dev.telltale.series.SeriesKey;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.DataPointFlags;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Turns the points of one export into samples: gauges and sums that go both ways as they are, all that counts
/// up into rates per second, distributions into the rates of their count and sum and into quantiles.
///
/// @see <a href="https://opentelemetry.io/docs/specs/otel/metrics/data-model/">Metrics data model</a>
final class MetricsDecoder {

    private static final String SCOPE = "otel_scope_name";
    private static final int MOST_QUANTILES = 100;

    private final IgnoredAttributes ignored;
    private final Rates.Pass rates;
    private final KeptSamples samples;
    private final Rejected rejected = new Rejected();
    private long points;
    private long first;

    MetricsDecoder(IgnoredAttributes ignored, Rates.Pass rates, SeriesFilter filter) {
        this.ignored = ignored;
        this.rates = rates;
        this.samples = new KeptSamples(filter);
    }

    void decode(ExportMetricsServiceRequest export) {
        for (ResourceMetrics ofResource : export.getResourceMetricsList()) {
            ForeignLabels resource = new ForeignLabels();
            for (KeyValue attribute : ofResource.getResource().getAttributesList()) {
                if (!ignored.matches(attribute.getKey())) {
                    resource.put(attribute.getKey(), AttributeText.of(attribute.getValue()));
                }
            }
            for (ScopeMetrics ofScope : ofResource.getScopeMetricsList()) {
                ForeignLabels scope = new ForeignLabels(resource)
                        .put(SCOPE, ofScope.getScope().getName());
                ofScope.getMetricsList().forEach(metric -> decode(metric, scope));
            }
        }
    }

    KeptSamples samples() {
        return samples;
    }

    Rejected rejected() {
        return rejected;
    }

    /// All points that came.
    long points() {
        return points;
    }

    /// Points that told nothing yet, because a rate needs two of them.
    long first() {
        return first;
    }

    private void decode(Metric metric, ForeignLabels common) {
        String name = ForeignNames.series(metric.getName());
        switch (metric.getDataCase()) {
            case GAUGE -> decode(name, metric.getGauge(), common);
            case SUM -> decode(name, metric.getSum(), common);
            case HISTOGRAM -> decode(name, metric.getHistogram(), common);
            case EXPONENTIAL_HISTOGRAM -> decode(name, metric.getExponentialHistogram(), common);
            case SUMMARY -> decode(name, metric.getSummary(), common);
            case DATA_NOT_SET -> {} // a metric without points, or of a kind that this version does not know
        }
    }

    private void decode(String name, Gauge gauge, ForeignLabels common) {
        for (NumberDataPoint point : gauge.getDataPointsList()) {
            take(() -> addAsItIs(new SeriesKey(name, labels(common, point.getAttributesList())), point));
        }
    }

    private void decode(String name, Sum sum, ForeignLabels common) {
        AggregationTemporality temporality = sum.getAggregationTemporality();
        for (NumberDataPoint point : sum.getDataPointsList()) {
            take(() -> {
                SeriesKey key = new SeriesKey(name, labels(common, point.getAttributesList()));
                if (isDelta(temporality) && !isEnd(point.getFlags())) {
                    double seconds = seconds(point.getStartTimeUnixNano(), point.getTimeUnixNano());
                    add(key, point.getTimeUnixNano(), value(point) / seconds);
                } else if (!sum.getIsMonotonic() || isEnd(point.getFlags()) || !Double.isFinite(value(point))) {
                    addAsItIs(key, point);
                } else {
                    addRate(key, point);
                }
            });
        }
    }

    private void decode(String name, Histogram histogram, ForeignLabels common) {
        for (HistogramDataPoint point : histogram.getDataPointsList()) {
            take(() -> {
                DistributionKeys keys = new DistributionKeys(name, labels(common, point.getAttributesList()));
                long time = point.getTimeUnixNano();
                if (isEnd(point.getFlags())) {
                    keys.end(samples, Times.millis(time));
                    return;
                }
                double[] bounds = new double[point.getExplicitBoundsCount()];
                for (int i = 0; i < bounds.length; i++) {
                    bounds[i] = point.getExplicitBounds(i);
                }
                long[] counts = new long[point.getBucketCountsCount()];
                for (int i = 0; i < counts.length; i++) {
                    counts[i] = point.getBucketCounts(i);
                }
                ExplicitBuckets buckets = new ExplicitBuckets(bounds, counts);
                CountedHistogram counted = new CountedHistogram(
                        point.getStartTimeUnixNano(),
                        time,
                        count(point.getCount()),
                        point.hasSum() ? point.getSum() : Double.NaN,
                        buckets);
                double min = point.hasMin() ? point.getMin() : Double.NaN;
                double max = point.hasMax() ? point.getMax() : Double.NaN;
                add(keys, counted, isDelta(histogram.getAggregationTemporality()), min, max);
            });
        }
    }

    private void decode(String name, ExponentialHistogram histogram, ForeignLabels common) {
        for (ExponentialHistogramDataPoint point : histogram.getDataPointsList()) {
            take(() -> {
                DistributionKeys keys = new DistributionKeys(name, labels(common, point.getAttributesList()));
                long time = point.getTimeUnixNano();
                if (isEnd(point.getFlags())) {
                    keys.end(samples, Times.millis(time));
                    return;
                }
                ExponentialBuckets buckets = new ExponentialBuckets(
                        point.getScale(),
                        side(point.getPositive()),
                        side(point.getNegative()),
                        point.getZeroCount(),
                        point.getZeroThreshold());
                CountedHistogram counted = new CountedHistogram(
                        point.getStartTimeUnixNano(),
                        time,
                        count(point.getCount()),
                        point.hasSum() ? point.getSum() : Double.NaN,
                        buckets);
                double min = point.hasMin() ? point.getMin() : Double.NaN;
                double max = point.hasMax() ? point.getMax() : Double.NaN;
                add(keys, counted, isDelta(histogram.getAggregationTemporality()), min, max);
            });
        }
    }

    private void decode(String name, Summary summary, ForeignLabels common) {
        for (SummaryDataPoint point : summary.getDataPointsList()) {
            take(() -> decode(name, point, labels(common, point.getAttributesList())));
        }
    }

    /// Count and sum of a summary count up from its start; its quantiles are as they are.
    private void decode(String name, SummaryDataPoint point, Labels labels) {
        DistributionKeys keys = new DistributionKeys(name, labels);
        Map<SeriesKey, Double> quantiles = new LinkedHashMap<>();
        if (point.getQuantileValuesCount() > MOST_QUANTILES) {
            throw OtlpProblem.BAD_POINT.because(
                    "a summary has %d quantiles, at most %d are taken", point.getQuantileValuesCount(), MOST_QUANTILES);
        }
        for (SummaryDataPoint.ValueAtQuantile quantile : point.getQuantileValuesList()) {
            if (!(quantile.getQuantile() >= 0 && quantile.getQuantile() <= 1)) {
                throw OtlpProblem.BAD_POINT.because(
                        "a quantile of a summary is %s; it is from 0 to 1", quantile.getQuantile());
            }
            quantiles.put(keys.quantile(quantile.getQuantile()), quantile.getValue());
        }
        long time = point.getTimeUnixNano();
        if (isEnd(point.getFlags())) {
            keys.end(samples, Times.millis(time));
            quantiles.keySet().forEach(key -> samples.end(key, Times.millis(time)));
            return;
        }
        CountedHistogram counted = new CountedHistogram(
                point.getStartTimeUnixNano(),
                time,
                count(point.getCount()),
                point.getSum(),
                new ExplicitBuckets(new double[0], new long[0]));
        addRates(keys, counted);
        quantiles.forEach((key, value) -> add(key, time, value));
    }

    /// Takes one point whole or not at all.
    private void take(Runnable point) {
        points++;
        try {
            point.run();
        } catch (Problem bad) {
            rejected.add(1, bad.detail());
        }
    }

    private void addAsItIs(SeriesKey key, NumberDataPoint point) {
        if (isEnd(point.getFlags())) {
            samples.end(key, Times.millis(point.getTimeUnixNano()));
        } else {
            add(key, point.getTimeUnixNano(), value(point));
        }
    }

    private void addRate(SeriesKey key, NumberDataPoint point) {
        CountedSum sum = new CountedSum(point.getStartTimeUnixNano(), point.getTimeUnixNano(), value(point));
        switch (rates.tell(StreamId.of(CountedSum.class, key), sum)) {
            case Rates.Told.Rate(Readings readings) -> add(key, sum.time(), readings.count());
            case Rates.Told.Nothing ignoredHere -> first++;
            case Rates.Told.Contradiction ignoredHere -> throw contradiction(key);
        }
    }

    private void add(DistributionKeys keys, CountedHistogram point, boolean delta, double min, double max) {
        if (!delta) {
            addRates(keys, point);
            return;
        }
        double seconds = seconds(point.start(), point.time());
        keys.add(
                samples,
                Times.millis(point.time()),
                Readings.of(point.count(), point.sum(), point.buckets().all(min, max), seconds));
    }

    private void addRates(DistributionKeys keys, CountedHistogram point) {
        switch (rates.tell(StreamId.of(CountedHistogram.class, keys.base()), point)) {
            case Rates.Told.Rate(Readings readings) -> keys.add(samples, Times.millis(point.time()), readings);
            case Rates.Told.Nothing ignoredHere -> first++;
            case Rates.Told.Contradiction ignoredHere -> throw contradiction(keys.base());
        }
    }

    private void add(SeriesKey key, long time, double value) {
        samples.add(key, Times.millis(time), value);
    }

    private static Labels labels(ForeignLabels common, List<KeyValue> attributes) {
        ForeignLabels labels = new ForeignLabels(common);
        for (KeyValue attribute : attributes) {
            labels.put(attribute.getKey(), AttributeText.of(attribute.getValue()));
        }
        return labels.labels();
    }

    private static ExponentialBuckets.Side side(ExponentialHistogramDataPoint.Buckets buckets) {
        long[] counts = new long[buckets.getBucketCountsCount()];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = buckets.getBucketCounts(i);
        }
        return new ExponentialBuckets.Side(buckets.getOffset(), counts);
    }

    private static double value(NumberDataPoint point) {
        return switch (point.getValueCase()) {
            case AS_DOUBLE -> point.getAsDouble();
            case AS_INT -> (double) point.getAsInt();
            case VALUE_NOT_SET -> throw OtlpProblem.BAD_POINT.because("a point has no value");
        };
    }

    private static long count(long unsigned) {
        if (unsigned < 0) {
            throw OtlpProblem.BAD_POINT.because("a point counts more than 2^63 values");
        }
        return unsigned;
    }

    private static boolean isEnd(int flags) {
        return (flags & DataPointFlags.DATA_POINT_FLAGS_NO_RECORDED_VALUE_MASK_VALUE) != 0;
    }

    private static boolean isDelta(AggregationTemporality temporality) {
        return switch (temporality) {
            case AGGREGATION_TEMPORALITY_DELTA -> true;
            case AGGREGATION_TEMPORALITY_CUMULATIVE -> false;
            case AGGREGATION_TEMPORALITY_UNSPECIFIED, UNRECOGNIZED -> {
                throw OtlpProblem.BAD_POINT.because(
                        "a sum or histogram does not say whether it is cumulative or delta");
            }
        };
    }

    private static double seconds(long start, long time) {
        if (start == 0 || !Times.isBefore(start, time)) {
            throw OtlpProblem.BAD_POINT.because("a delta point needs a start time before its time");
        }
        return Times.seconds(start, time);
    }

    private static Problem contradiction(SeriesKey key) {
        return OtlpProblem.BAD_POINT.because("another value came before for the same time of %s", key);
    }
}
