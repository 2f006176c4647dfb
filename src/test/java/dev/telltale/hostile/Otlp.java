package dev.telltale.hostile;

import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;

/// Exports of OTLP.
final class Otlp {

    private Otlp() {}

    /// One point of one gauge.
    ///
    /// @param time epoch milliseconds
    static byte[] gauge(String name, long time) {
        NumberDataPoint point = NumberDataPoint.newBuilder()
                .setTimeUnixNano(time * 1_000_000)
                .setAsDouble(3)
                .build();
        Metric metric = Metric.newBuilder()
                .setName(name)
                .setGauge(Gauge.newBuilder().addDataPoints(point))
                .build();
        return ExportMetricsServiceRequest.newBuilder()
                .addResourceMetrics(ResourceMetrics.newBuilder()
                        .addScopeMetrics(ScopeMetrics.newBuilder().addMetrics(metric)))
                .build()
                .toByteArray();
    }
}
