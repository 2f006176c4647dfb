package dev.telltale.ingest;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires what all protocols share.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IngestProperties.class)
class IngestConfiguration {

    @Bean
    SeriesFilter seriesFilter(IngestProperties properties, MeterRegistry registry) {
        return new SeriesFilter(properties.selectors(), registry);
    }
}
