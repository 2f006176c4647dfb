package dev.telltale.ingest.remotewrite;

import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import dev.telltale.series.Series;
import dev.telltale.series.SeriesStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires remote write.
@Configuration(proxyBeanMethods = false)
class RemoteWriteConfiguration {

    private static final long MEMORY_OF_KNOWN_SERIES = 32L << 20;

    @Bean
    KnownSeries knownSeries(SeriesStore store, SeriesFilter filter) {
        return new KnownSeries(
                key -> store.known(key).map(Series::key).orElse(key), filter::keeps, MEMORY_OF_KNOWN_SERIES);
    }

    @Bean
    WorkingMemory remoteWriteMemory() {
        return WorkingMemory.ofTheHeap();
    }

    @Bean
    RemoteWriteMeters remoteWriteMeters(MeterRegistry registry) {
        return new RemoteWriteMeters(registry);
    }

    @Bean
    UnwrittenLog unwrittenLog() {
        return new UnwrittenLog(InstantSource.system());
    }
}
