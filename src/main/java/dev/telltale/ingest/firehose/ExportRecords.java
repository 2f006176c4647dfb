package dev.telltale.ingest.firehose;

import com.google.protobuf.CodedInputStream;
import dev.telltale.ingest.WireCost;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.problem.Problem;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Records of a metric stream in its OpenTelemetry 1.0 format: exports of summaries, each behind its length as
/// a varint. The smallest and largest value are the quantiles 0 and 1.
///
/// @see <a
///
/// href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-metric-streams-formats-opentelemetry-100.html">Format</a>
final class ExportRecords {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private ExportRecords() {}

    /// Hands on each metric, and the problem of each that is none.
    ///
    /// @throws Problem `BAD_RECORD` at the first export that cannot be read; metrics of those before are handed on
    static void read(
            byte[] record, WorkingMemory.Part memory, Consumer<StreamedMetric> metrics, Consumer<Problem> problems) {
        CodedInputStream in = CodedInputStream.newInstance(record);
        try {
            while (!in.isAtEnd()) {
                byte[] export = in.readByteArray(); // refuses a length beyond the end of the record
                memory.take(WireCost.of(export, ExportMetricsServiceRequest.getDescriptor()));
                read(ExportMetricsServiceRequest.parseFrom(export), metrics, problems);
            }
        } catch (IOException broken) {
            throw FirehoseProblem.BAD_RECORD.because(
                    "a record is neither lines of JSON nor exports of OpenTelemetry 1.0, each behind its length");
        }
    }

    private static void read(
            ExportMetricsServiceRequest export, Consumer<StreamedMetric> metrics, Consumer<Problem> problems) {
        for (ResourceMetrics ofResource : export.getResourceMetricsList()) {
            List<KeyValue> resource = ofResource.getResource().getAttributesList();
            String account = text(resource, "cloud.account.id").orElse("");
            String region = text(resource, "cloud.region").orElse("");
            ofResource.getScopeMetricsList().stream()
                    .flatMap(ofScope -> ofScope.getMetricsList().stream())
                    .forEach(metric -> read(metric, account, region, metrics, problems));
        }
    }

    private static void read(
            Metric metric,
            String account,
            String region,
            Consumer<StreamedMetric> metrics,
            Consumer<Problem> problems) {
        if (!metric.hasSummary()) {
            problems.accept(FirehoseProblem.BAD_RECORD.because("a metric of a metric stream is no summary"));
            return;
        }
        for (SummaryDataPoint point : metric.getSummary().getDataPointsList()) {
            StreamedMetric read;
            try {
                read = read(point, account, region);
            } catch (Problem bad) {
                problems.accept(bad);
                continue;
            }
            metrics.accept(read);
        }
    }

    private static StreamedMetric read(SummaryDataPoint point, String account, String region) {
        List<KeyValue> attributes = point.getAttributesList();
        Optional<String> namespace = text(attributes, "Namespace");
        Optional<String> name = text(attributes, "MetricName");
        if (namespace.isEmpty() || name.isEmpty()) {
            throw FirehoseProblem.BAD_RECORD.because(
                    "a point has no attributes Namespace and MetricName; the format of the metric stream must be"
                            + " OpenTelemetry 1.0 or JSON, 0.7 is not read");
        }
        if (point.getStartTimeUnixNano() == 0 || point.getCount() < 0) {
            throw FirehoseProblem.BAD_RECORD.because("a point has no start time or counts more than 2^63 values");
        }
        return new StreamedMetric(
                account,
                region,
                namespace.get(),
                name.get(),
                dimensions(attributes),
                Long.divideUnsigned(point.getStartTimeUnixNano(), NANOS_PER_MILLI),
                statistics(point));
    }

    private static Map<String, String> dimensions(List<KeyValue> attributes) {
        Map<String, String> dimensions = new LinkedHashMap<>();
        for (KeyValue attribute : attributes) {
            if (attribute.getKey().equals("Dimensions")) {
                attribute
                        .getValue()
                        .getKvlistValue()
                        .getValuesList()
                        .forEach(dimension -> dimensions.put(
                                dimension.getKey(), dimension.getValue().getStringValue()));
            }
        }
        return dimensions;
    }

    private static Map<String, Double> statistics(SummaryDataPoint point) {
        if (point.getQuantileValuesCount() > StreamedMetric.MOST_STATISTICS) {
            throw FirehoseProblem.BAD_RECORD.because(
                    "a point has %d quantiles, at most %d are taken",
                    point.getQuantileValuesCount(), StreamedMetric.MOST_STATISTICS);
        }
        Map<String, Double> statistics = new LinkedHashMap<>();
        statistics.put("count", (double) point.getCount());
        statistics.put("sum", point.getSum());
        for (SummaryDataPoint.ValueAtQuantile quantile : point.getQuantileValuesList()) {
            statistics.put(statistic(quantile.getQuantile()), quantile.getValue());
        }
        return statistics;
    }

    /// The name of a quantile in the JSON format: 0.999 is `p99.9`.
    private static String statistic(double quantile) {
        if (quantile == 0) {
            return "min";
        }
        if (quantile == 1) {
            return "max";
        }
        if (!(quantile > 0 && quantile < 1)) {
            throw FirehoseProblem.BAD_RECORD.because("a quantile is %s; it is from 0 to 1", quantile);
        }
        return "p"
                + BigDecimal.valueOf(quantile)
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString();
    }

    private static Optional<String> text(List<KeyValue> attributes, String key) {
        return attributes.stream()
                .filter(attribute -> attribute.getKey().equals(key))
                .map(attribute -> attribute.getValue().getStringValue())
                .filter(text -> !text.isEmpty())
                .findFirst();
    }
}
