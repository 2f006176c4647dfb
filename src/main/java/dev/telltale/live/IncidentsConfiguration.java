package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.http.Json;
import dev.telltale.series.AnnotationStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IncidentsProperties.class)
class IncidentsConfiguration {

    @Bean
    FindingMeters findingMeters(MeterRegistry registry) {
        return new FindingMeters(registry);
    }

    @Bean
    FindingStore findingStore(Database database, FindingMeters meters, ObjectProvider<IncidentListener> listeners) {
        return new FindingStore(
                database, InstantSource.system(), listeners.orderedStream().toList(), meters);
    }

    @Bean
    FindingFeed findingFeed(Database database, FindingStore store, Json json) {
        return new FindingFeed(database, store, json);
    }

    @Bean
    Gauge openIncidents(FindingStore store, MeterRegistry registry) {
        return Gauge.builder("telltale.open.incidents", store, FindingStore::countOpen)
                .description("Incidents that are open")
                .baseUnit("incidents")
                .register(registry);
    }

    @Bean
    Verdicts verdicts(
            Database database,
            FindingStore store,
            AnnotationStore annotations,
            FindingMeters meters,
            ObjectProvider<FeedbackListener> listeners) {
        return new Verdicts(
                database,
                store,
                annotations,
                InstantSource.system(),
                meters,
                () -> listeners.orderedStream().toList());
    }

    @Bean
    FindingRetention findingRetention(Database database, IncidentsProperties properties) {
        return new FindingRetention(database, InstantSource.system(), properties.retention(), properties.limit());
    }

    @Bean(destroyMethod = "")
    IncidentCloser incidentCloser(Database database, FindingStore store) {
        return new IncidentCloser(database, store, InstantSource.system());
    }

    /// Begins after all other beans, since those who hear of incidents may need any of them, and ends before the
    /// web server waits for its requests: some of these follow incidents.
    @Bean
    SmartLifecycle incidentsLifecycle(IncidentCloser closer, FindingStore store) {
        return new SmartLifecycle() {

            private volatile boolean running;

            @Override
            public void start() {
                closer.start();
                running = true;
            }

            @Override
            public void stop() {
                running = false;
                store.news().end();
                closer.close();
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }
}
