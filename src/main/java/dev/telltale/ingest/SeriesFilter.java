package dev.telltale.ingest;

import dev.telltale.series.Selector;
import dev.telltale.series.SeriesKey;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/// Which of the pushed series are kept. To leave samples of the others out is no failure: their senders are
/// answered as if they were stored.
public final class SeriesFilter {

    private final List<Selector> kept;
    private final Counter filtered;

    /// @param kept series that one of these matches are kept; all, if there is none
    public SeriesFilter(List<Selector> kept, MeterRegistry registry) {
        this.kept = List.copyOf(kept);
        filtered = Counter.builder("telltale.filtered.samples")
                .description("Samples of series that telltale.ingest.keep leaves out")
                .baseUnit("samples")
                .register(registry);
    }

    public boolean keeps(SeriesKey key) {
        return kept.isEmpty() || kept.stream().anyMatch(selector -> selector.matches(key));
    }

    /// Counts samples that were left out.
    public void leftOut(long samples) {
        filtered.increment((double) samples);
    }
}
