package dev.telltale.egress;

import dev.telltale.series.SeriesStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires scores that are scraped.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EgressProperties.class)
class EgressConfiguration {

    @Bean
    EgressMeters egressMeters(MeterRegistry registry) {
        return new EgressMeters(registry);
    }

    /// @param prometheus none where somebody has switched it off
    @Bean
    ScoreGauges scoreGauges(
            SeriesStore store,
            EgressProperties properties,
            MeterRegistry registry,
            ObjectProvider<PrometheusRegistry> prometheus) {
        ScoreGauges gauges = new ScoreGauges(
                properties.exportedSeries(),
                properties.staleAfter(),
                series -> store.find(series).isPresent(),
                InstantSource.system());
        prometheus.ifAvailable(one -> one.register(gauges));
        EgressMeters.watch(registry, gauges::exported, gauges::leftOut);
        return gauges;
    }
}
