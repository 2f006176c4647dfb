package dev.telltale.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.telltale.ingest.SeriesFilter;
import dev.telltale.series.PushedView;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
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
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsDecoderTest {

    private static final long NANOS = 1_704_067_200_000_000_000L;
    private static final long MILLIS = 1_704_067_200_000L;
    private static final long SECOND = 1_000_000_000;
    private static final int NO_VALUE = 1;

    private final Rates rates = new Rates(1 << 20);
    private final MetricsDecoder decoder = new MetricsDecoder(
            new IgnoredAttributes(List.of("process.*", "os.description")),
            rates.pass(),
            new SeriesFilter(List.of(), new SimpleMeterRegistry()));

    @Test
    void attributesOfResourceScopeAndPointBecomeLabels() {
        decoder.decode(export(
                Resource.newBuilder()
                        .addAttributes(attribute("service.name", "shop"))
                        .addAttributes(attribute("service.version", "1"))
                        .addAttributes(attribute("process.pid", "7"))
                        .build(),
                gauge("cpu", point(1).addAttributes(attribute("service.version", "2")))));
        assertThat(samples())
                .containsOnlyKeys("cpu{otel_scope_name=\"meter\",service_name=\"shop\",service_version=\"2\"}");
    }

    @Test
    void attributesThatBecomeOneLabelShareIt() {
        take(gauge(
                "cpu",
                point(1).addAttributes(attribute("a_b", "2"))
                        .addAttributes(attribute("a.b", "1"))
                        .addAttributes(attribute("9", "x"))));
        assertThat(samples()).containsOnlyKeys("cpu{a_b=\"1;2\",key_9=\"x\"}");
    }

    @Test
    void valuesOfAttributesThatAreNoTextsAreWrittenAsJson() {
        AnyValue list = AnyValue.newBuilder()
                .setArrayValue(ArrayValue.newBuilder()
                        .addValues(AnyValue.newBuilder().setIntValue(1))
                        .addValues(AnyValue.newBuilder().setStringValue("a\"b")))
                .build();
        AnyValue map = AnyValue.newBuilder()
                .setKvlistValue(KeyValueList.newBuilder().addValues(attribute("k", "v")))
                .build();
        NumberDataPoint.Builder point = point(1);
        point.addAttributes(KeyValue.newBuilder()
                .setKey("bool")
                .setValue(AnyValue.newBuilder().setBoolValue(true)));
        point.addAttributes(KeyValue.newBuilder()
                .setKey("double")
                .setValue(AnyValue.newBuilder().setDoubleValue(1.5)));
        point.addAttributes(KeyValue.newBuilder().setKey("list").setValue(list));
        point.addAttributes(KeyValue.newBuilder().setKey("map").setValue(map));
        take(gauge("cpu", point));
        assertThat(samples())
                .containsOnlyKeys("cpu{bool=\"true\",double=\"1.5\",list=\"[1,\\\"a\\\\\\\"b\\\"]\","
                        + "map=\"{\\\"k\\\":\\\"v\\\"}\"}");
    }

    @Test
    void timesAreRoundedToMilliseconds() {
        take(gauge("cpu", point(1).setTimeUnixNano(NANOS + 499_999), point(2).setTimeUnixNano(NANOS + 1_500_000)));
        assertThat(samples()).isEqualTo(Map.of("cpu", Map.of(MILLIS, 1.0, MILLIS + 2, 2.0)));
    }

    @Test
    void pointsWithoutRecordedValueEndTheirSeriesAndNanIsHandedOn() {
        take(gauge("cpu", point(1).setFlags(NO_VALUE), point(Double.NaN)));
        assertThat(PushedView.ends(decoder.samples().samples())).containsExactly("cpu @ " + MILLIS);
        assertThat(samples()).isEqualTo(Map.of("cpu", Map.of(MILLIS, Double.NaN)));
        assertThat(decoder.rejected().count()).isZero();
    }

    @Test
    void sumsWithoutRecordedValueEndTheirSeriesWhateverTheyCount() {
        AggregationTemporality delta = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
        AggregationTemporality cumulative = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
        take(sum("a", delta, true, point(0).setFlags(NO_VALUE)));
        take(sum("b", cumulative, true, point(0).setFlags(NO_VALUE)));
        take(sum("c", cumulative, false, point(0).setFlags(NO_VALUE)));
        assertThat(PushedView.ends(decoder.samples().samples()))
                .containsExactly("a @ " + MILLIS, "b @ " + MILLIS, "c @ " + MILLIS);
        assertThat(samples()).isEmpty();
        assertThat(decoder.rejected().count()).isZero();
    }

    @Test
    void distributionsWithoutRecordedValueEndAllTheirSeries() {
        take(histogram(HistogramDataPoint.newBuilder().setFlags(NO_VALUE)));
        take(exponential(ExponentialHistogramDataPoint.newBuilder().setFlags(NO_VALUE)));
        take(summary(SummaryDataPoint.newBuilder().setFlags(NO_VALUE), 0.5));
        assertThat(PushedView.ends(decoder.samples().samples()))
                .contains("h_count @ " + MILLIS, "h_sum @ " + MILLIS)
                .contains("e_count @ " + MILLIS, "e_sum @ " + MILLIS)
                .contains("s_count @ " + MILLIS, "s_sum @ " + MILLIS, "s{quantile=\"0.5\"} @ " + MILLIS);
        assertThat(samples()).isEmpty();
        assertThat(decoder.rejected().count()).isZero();
    }

    @Test
    void anExponentialHistogramWithoutSumTellsItsCountAndQuantilesWithinItsSmallestAndLargest() {
        take(exponential(ExponentialHistogramDataPoint.newBuilder()
                .setCount(4)
                .setPositive(ExponentialHistogramDataPoint.Buckets.newBuilder().addBucketCounts(4))));
        assertThat(samples()).containsEntry("e_count", Map.of(MILLIS, 0.4)).doesNotContainKey("e_sum");
        take(exponential(ExponentialHistogramDataPoint.newBuilder()
                .setCount(4)
                .setSum(6)
                .setMin(1.5)
                .setMax(1.5)
                .setTimeUnixNano(NANOS + SECOND)
                .setPositive(ExponentialHistogramDataPoint.Buckets.newBuilder().addBucketCounts(4))));
        assertThat(samples().get("e{quantile=\"0.5\"}")).containsEntry(MILLIS + 1_000, 1.5);
        assertThat(samples()).containsKey("e_sum");
    }

    @Test
    void aSummaryWithQuantilesThatAreNoneOrTooManyIsRejectedWhole() {
        take(summary(SummaryDataPoint.newBuilder(), 0.5, 1.5));
        take(summary(SummaryDataPoint.newBuilder(), -0.1));
        take(summary(SummaryDataPoint.newBuilder(), Double.NaN));
        take(summary(SummaryDataPoint.newBuilder(), new double[101]));
        assertThat(samples()).isEmpty();
        assertThat(decoder.rejected().count()).isEqualTo(4);
        assertThat(decoder.rejected().message()).contains("from 0 to 1", "101 quantiles");
    }

    @Test
    void twoTotalsOfOneMomentThatDifferAreRejected() {
        AggregationTemporality cumulative = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
        take(sum("a", cumulative, true, point(1), point(2)));
        assertThat(samples()).isEmpty();
        assertThat(decoder.rejected().count()).isEqualTo(1);
        assertThat(decoder.first()).isEqualTo(1);
    }

    @Test
    void bytesAndEmptyListsAndMapsAreWrittenToo() {
        NumberDataPoint.Builder point = point(1);
        point.addAttributes(KeyValue.newBuilder()
                .setKey("bytes")
                .setValue(AnyValue.newBuilder().setBytesValue(ByteString.copyFrom(new byte[] {-1, 0, 1}))));
        point.addAttributes(KeyValue.newBuilder()
                .setKey("list")
                .setValue(AnyValue.newBuilder().setArrayValue(ArrayValue.getDefaultInstance())));
        point.addAttributes(KeyValue.newBuilder()
                .setKey("map")
                .setValue(AnyValue.newBuilder().setKvlistValue(KeyValueList.getDefaultInstance())));
        take(gauge("cpu", point));
        assertThat(samples()).containsOnlyKeys("cpu{bytes=\"/wAB\",list=\"[]\",map=\"{}\"}");
    }

    @Test
    void sumsThatGoBothWaysAreAsTheyAreAndDeltasRates() {
        take(sum("open", AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE, false, point(5)));
        take(sum(
                "change",
                AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA,
                false,
                point(-5).setStartTimeUnixNano(NANOS - 10 * SECOND)));
        assertThat(samples()).isEqualTo(Map.of("open", Map.of(MILLIS, 5.0), "change", Map.of(MILLIS, -0.5)));
    }

    @Test
    void aDeltaWithoutAnIntervalAndASumWithoutTemporalityAreRejected() {
        AggregationTemporality delta = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
        take(sum("a", delta, true, point(1), point(1).setStartTimeUnixNano(NANOS)));
        take(sum("b", AggregationTemporality.AGGREGATION_TEMPORALITY_UNSPECIFIED, true, point(1)));
        assertThat(samples()).isEmpty();
        assertThat(decoder.points()).isEqualTo(3);
        assertThat(decoder.rejected().count()).isEqualTo(3);
        assertThat(decoder.rejected().message())
                .isEqualTo("a delta point needs a start time before its time (2×); "
                        + "a sum or histogram does not say whether it is cumulative or delta (1×)");
    }

    @Test
    void whatCountsUpTellsNothingAtFirst() {
        AggregationTemporality cumulative = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE;
        take(sum("a", cumulative, true, point(1), point(4).setTimeUnixNano(NANOS + SECOND)));
        assertThat(samples()).isEqualTo(Map.of("a", Map.of(MILLIS + 1_000, 3.0)));
        assertThat(decoder.first()).isEqualTo(1);
        assertThat(decoder.rejected().count()).isZero();
    }

    @Test
    void summariesGiveQuantilesAtOnceAndCountAndSumAsRates() {
        take(summary(2, 10, NANOS));
        assertThat(samples())
                .isEqualTo(
                        Map.of("s{quantile=\"0\"}", Map.of(MILLIS, 1.0), "s{quantile=\"0.99\"}", Map.of(MILLIS, 9.0)));
        take(summary(6, 30, NANOS + 2 * SECOND));
        assertThat(samples())
                .containsEntry("s_count", Map.of(MILLIS + 2_000, 2.0))
                .containsEntry("s_sum", Map.of(MILLIS + 2_000, 10.0));
    }

    @Test
    void aHistogramWithoutBucketsOrSumTellsItsCount() {
        take(histogram(HistogramDataPoint.newBuilder().setCount(5)));
        assertThat(samples()).isEqualTo(Map.of("h_count", Map.of(MILLIS, 0.5)));
    }

    @Test
    void whatAHistogramCannotBeIsRejectedWhole() {
        take(histogram(
                HistogramDataPoint.newBuilder().setCount(5).addBucketCounts(1).addExplicitBounds(1)));
        take(histogram(HistogramDataPoint.newBuilder().setCount(-5)));
        take(histogram(HistogramDataPoint.newBuilder().setCount(5).addAttributes(attribute("quantile", "x"))));
        assertThat(samples()).isEmpty();
        assertThat(decoder.rejected().count()).isEqualTo(3);
        assertThat(decoder.rejected().message()).contains("one bucket more", "2^63", "is taken");
    }

    @Test
    void tooManyLabelsAndBadNamesRejectTheirPoints() {
        NumberDataPoint.Builder point = point(1);
        for (int i = 0; i < 41; i++) {
            point.addAttributes(attribute("a" + i, "x"));
        }
        take(gauge("cpu", point, point(2).addAttributes(attribute("a", "line\nbreak"))));
        take(gauge("", point(1)));
        take(gauge("x".repeat(201), point(1)));
        assertThat(samples()).isEmpty();
        assertThat(decoder.rejected().count()).isEqualTo(4);
        assertThat(decoder.rejected().message()).contains("up to 40 labels", "control character", "200 characters");
    }

    @Test
    void namesAreTranslatedWhereSeriesCannotHaveThem() {
        take(gauge("http/server requests", point(1)));
        take(gauge("system.cpu.utilization", point(1)));
        assertThat(samples()).containsOnlyKeys("http_server_requests", "system.cpu.utilization");
    }

    private Map<String, Map<Long, Double>> samples() {
        return PushedView.samples(decoder.samples().samples());
    }

    private void take(Metric metric) {
        ScopeMetrics ofScope = ScopeMetrics.newBuilder().addMetrics(metric).build();
        decoder.decode(ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder().addScopeMetrics(ofScope))
                .build());
    }

    private static ExportMetricsServiceRequest export(Resource resource, Metric metric) {
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .setResource(resource)
                        .addScopeMetrics(ScopeMetrics.newBuilder()
                                .setScope(InstrumentationScope.newBuilder().setName("meter"))
                                .addMetrics(metric)))
                .build();
    }

    private static NumberDataPoint.Builder point(double value) {
        return NumberDataPoint.newBuilder().setTimeUnixNano(NANOS).setAsDouble(value);
    }

    private static Metric gauge(String name, NumberDataPoint.Builder... points) {
        Gauge.Builder gauge = Gauge.newBuilder();
        for (NumberDataPoint.Builder point : points) {
            gauge.addDataPoints(point);
        }
        return Metric.newBuilder().setName(name).setGauge(gauge).build();
    }

    private static Metric sum(
            String name, AggregationTemporality temporality, boolean monotonic, NumberDataPoint.Builder... points) {
        Sum.Builder sum =
                Sum.newBuilder().setAggregationTemporality(temporality).setIsMonotonic(monotonic);
        for (NumberDataPoint.Builder point : points) {
            sum.addDataPoints(point);
        }
        return Metric.newBuilder().setName(name).setSum(sum).build();
    }

    /// A delta over ten seconds.
    private static Metric histogram(HistogramDataPoint.Builder point) {
        return Metric.newBuilder()
                .setName("h")
                .setHistogram(Histogram.newBuilder()
                        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                        .addDataPoints(
                                point.setStartTimeUnixNano(NANOS - 10 * SECOND).setTimeUnixNano(NANOS)))
                .build();
    }

    /// A delta over ten seconds.
    private static Metric exponential(ExponentialHistogramDataPoint.Builder point) {
        long time = point.getTimeUnixNano() == 0 ? NANOS : point.getTimeUnixNano();
        return Metric.newBuilder()
                .setName("e")
                .setExponentialHistogram(ExponentialHistogram.newBuilder()
                        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
                        .addDataPoints(
                                point.setStartTimeUnixNano(time - 10 * SECOND).setTimeUnixNano(time)))
                .build();
    }

    private static Metric summary(SummaryDataPoint.Builder point, double... quantiles) {
        for (double quantile : quantiles) {
            point.addQuantileValues(
                    SummaryDataPoint.ValueAtQuantile.newBuilder().setQuantile(quantile));
        }
        return Metric.newBuilder()
                .setName("s")
                .setSummary(Summary.newBuilder().addDataPoints(point.setTimeUnixNano(NANOS)))
                .build();
    }

    private static Metric summary(long count, double sum, long time) {
        SummaryDataPoint.Builder point = SummaryDataPoint.newBuilder()
                .setStartTimeUnixNano(NANOS - 100 * SECOND)
                .setTimeUnixNano(time)
                .setCount(count)
                .setSum(sum);
        for (double[] quantile : new double[][] {{0, 1}, {0.99, 9}}) {
            point.addQuantileValues(SummaryDataPoint.ValueAtQuantile.newBuilder()
                    .setQuantile(quantile[0])
                    .setValue(quantile[1]));
        }
        return Metric.newBuilder()
                .setName("s")
                .setSummary(Summary.newBuilder().addDataPoints(point))
                .build();
    }

    private static KeyValue attribute(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }
}
