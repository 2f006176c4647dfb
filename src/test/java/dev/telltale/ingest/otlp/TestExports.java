package dev.telltale.ingest.otlp;

import dev.telltale.ingest.SeriesFilter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/// What takes exports, for tests of other protocols.
public final class TestExports {

    private TestExports() {}

    public static ExportedMetrics metrics(SeriesFilter filter, MeterRegistry registry) {
        Rates rates = new Rates(1 << 20);
        return new ExportedMetrics(rates, new IgnoredAttributes(List.of()), filter, new OtlpMeters(registry, rates));
    }
}
