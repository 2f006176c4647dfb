package dev.telltale.live;

import dev.telltale.database.Changes;
import dev.telltale.database.Database;
import dev.telltale.database.DatabaseClock;
import dev.telltale.database.Lease;
import dev.telltale.database.Leases;
import dev.telltale.database.OnSharedDatabase;
import dev.telltale.database.Pulse;
import dev.telltale.http.Json;
import dev.telltale.series.AnnotationStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IncidentsProperties.class)
class IncidentsConfiguration {

    @Bean
    FindingMeters findingMeters(MeterRegistry registry) {
        return new FindingMeters(registry);
    }

    /// Held by the one process that makes incidents of what was found, closes them, and sends alerts of them.
    @Bean(destroyMethod = "") // who gives leases gives them back
    Lease findingsLease(Leases leases) {
        return leases.lease("findings");
    }

    @Bean
    FindingStore findingStore(
            Database database,
            Changes changes,
            DatabaseClock clock,
            FindingMeters meters,
            ObjectProvider<IncidentListener> listeners) {
        return new FindingStore(
                database, changes, clock, listeners.orderedStream().toList(), meters);
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
            Changes changes,
            DatabaseClock clock,
            FindingStore store,
            AnnotationStore annotations,
            FindingMeters meters,
            ObjectProvider<FeedbackListener> listeners) {
        return new Verdicts(
                database,
                changes,
                store,
                annotations,
                clock,
                meters,
                () -> listeners.orderedStream().toList());
    }

    @Bean
    FindingRetention findingRetention(Database database, DatabaseClock clock, IncidentsProperties properties) {
        return new FindingRetention(database, clock, properties.retention(), properties.limit());
    }

    @Bean
    IncidentCloser incidentCloser(Database database, Lease findingsLease, FindingStore store, DatabaseClock clock) {
        return new IncidentCloser(database, findingsLease, store, clock);
    }

    @Bean
    @Conditional(OnSharedDatabase.class)
    FindingMerger findingMerger(Database database, Lease findingsLease, FindingStore store, MeterRegistry registry) {
        FindingMeters.watchWaiting(registry, store);
        return new FindingMerger(database, findingsLease, store);
    }

    /// Begins after all other beans, since those who hear of incidents may need any of them, and ends before the
    /// web server waits for its requests: some of these follow incidents.
    @Bean
    SmartLifecycle incidentsLifecycle(
            IncidentCloser closer, ObjectProvider<FindingMerger> merger, FindingStore store, Database database) {
        return new SmartLifecycle() {

            private final List<Pulse> looks = new ArrayList<>();
            private volatile boolean running;

            @Override
            public void start() {
                looks.add(Pulse.atOnce("incident-closer", Duration.ofSeconds(1), closer::look));
                merger.ifAvailable(this::merge);
                running = true;
            }

            private void merge(FindingMerger merger) {
                Pulse look = Pulse.atOnce("finding-merger", Duration.ofSeconds(10), merger::look);
                looks.add(look);
                database.follow(FindingInbox.MARK, waiting -> !waiting.isEmpty(), look);
            }

            @Override
            public void stop() {
                running = false;
                store.news().end();
                looks.forEach(Pulse::close);
                looks.clear();
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }
}
