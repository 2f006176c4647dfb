package dev.telltale.ingest.remotewrite;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What came by remote write and was not a sample to store.
final class RemoteWriteMeters {

    private final Counter invalidSamples;
    private final Counter histograms;
    private final Counter exemplars;
    private final Counter ends;

    RemoteWriteMeters(MeterRegistry registry) {
        invalidSamples = unwritten(registry, "samples");
        histograms = unwritten(registry, "histograms");
        exemplars = unwritten(registry, "exemplars");
        ends = Counter.builder("telltale.remote.write.ends")
                .description("Stale markers: samples that say that their series ends")
                .baseUnit("samples")
                .register(registry);
    }

    void count(SeriesCollector request) {
        invalidSamples.increment((double) request.refused());
        histograms.increment((double) request.histograms());
        exemplars.increment((double) request.exemplars());
        ends.increment((double) request.ends());
    }

    private static Counter unwritten(MeterRegistry registry, String kind) {
        return Counter.builder("telltale.remote.write.unwritten")
                .description(
                        "What was sent and not written: samples of series that are not valid, native histograms, exemplars")
                .tag("kind", kind)
                .register(registry);
    }
}
