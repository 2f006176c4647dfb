package dev.telltale.series;

import dev.telltale.database.Database;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SeriesStoreProperties.class)
class SeriesStoreConfiguration {

    @Bean
    SqliteSeriesStore seriesStore(Database database, SeriesStoreProperties properties) {
        return SqliteSeriesStore.open(database, properties.limits());
    }

    @Bean
    AnnotationStore annotationStore(Database database) {
        return new SqliteAnnotationStore(database);
    }

    @Bean
    SeriesLookup seriesLookup(SeriesStore store) {
        return new SeriesLookup(store);
    }

    @Bean
    Intake intake(SeriesStore store, MeterRegistry registry, List<SampleListener> listeners) {
        return new Intake(store, registry, listeners);
    }
}
