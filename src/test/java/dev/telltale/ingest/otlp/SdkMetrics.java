package dev.telltale.ingest.otlp;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.sdk.common.Clock;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.Base2ExponentialHistogramOptions;
import io.opentelemetry.sdk.metrics.ExplicitBucketHistogramOptions;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A service that is measured with the OpenTelemetry SDK, whose clock stands still until it is moved on.
final class SdkMetrics implements AutoCloseable {

    private final StandingClock clock;
    private final SdkMeterProvider provider;

    private static final class StandingClock implements Clock {

        private long now;

        @Override
        public long now() {
            return now;
        }

        @Override
        public long nanoTime() {
            return now;
        }
    }

    SdkMetrics(Instant start, MetricExporter exporter) {
        clock = new StandingClock();
        clock.now = TimeUnit.MILLISECONDS.toNanos(start.toEpochMilli());
        Attributes resource = Attributes.of(
                AttributeKey.stringKey("service.name"), "shop",
                AttributeKey.stringKey("service.instance.id"), "i-1",
                AttributeKey.stringKey("process.pid"), "4711");
        provider = SdkMeterProvider.builder()
                .setClock(clock)
                .addResource(Resource.create(resource)) // beside telemetry.sdk.*
                .registerView(
                        InstrumentSelector.builder().setName("latency").build(),
                        View.builder()
                                .setAggregation(
                                        Aggregation.explicitBucketHistogram(ExplicitBucketHistogramOptions.builder()
                                                .setBucketBoundaries(List.of(1.0, 2.0, 4.0))
                                                .build()))
                                .build())
                .registerView(
                        InstrumentSelector.builder().setName("size").build(),
                        View.builder()
                                .setAggregation(Aggregation.base2ExponentialBucketHistogram(
                                        Base2ExponentialHistogramOptions.builder()
                                                .setMaxBuckets(20)
                                                .setMaxScale(0)
                                                .build()))
                                .build())
                .registerMetricReader(PeriodicMetricReader.builder(exporter)
                        .setInterval(Duration.ofDays(1))
                        .build())
                .build();
    }

    Meter meter() {
        return provider.get("checkout");
    }

    /// Moves the clock on and exports.
    CompletableResultCode exportAfter(Duration wait) {
        clock.now += wait.toNanos();
        return provider.forceFlush().join(30, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        provider.close();
    }
}
