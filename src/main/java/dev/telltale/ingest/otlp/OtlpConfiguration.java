package dev.telltale.ingest.otlp;

import dev.telltale.ingest.SeriesFilter;
import dev.telltale.ingest.WorkingMemory;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OtlpProperties.class)
class OtlpConfiguration {

    @Bean
    Rates otlpRates(OtlpProperties properties) {
        return new Rates(properties.rateMemory().toBytes());
    }

    @Bean
    IgnoredAttributes ignoredAttributes(OtlpProperties properties) {
        return new IgnoredAttributes(properties.ignoredResourceAttributes());
    }

    @Bean
    WorkingMemory otlpMemory() {
        return WorkingMemory.ofTheHeap();
    }

    @Bean
    OtlpMeters otlpMeters(MeterRegistry registry, Rates otlpRates) {
        return new OtlpMeters(registry, otlpRates);
    }

    @Bean
    ExportedMetrics exportedMetrics(Rates rates, IgnoredAttributes ignored, SeriesFilter filter, OtlpMeters meters) {
        return new ExportedMetrics(rates, ignored, filter, meters);
    }

    @Bean
    StatusForm statusForm() {
        return new StatusForm();
    }
}
