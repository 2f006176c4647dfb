package dev.telltale.series;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Replicas;
import dev.telltale.http.Json;
import dev.telltale.jobs.JobReports;
import dev.telltale.jobs.Jobs;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({SeriesStoreProperties.class, RetentionProperties.class, PushProperties.class})
class SeriesStoreConfiguration {

    @Bean
    SeriesStore seriesStore(Database database, SeriesStoreProperties properties, Partitions partitions) {
        return switch (database.dialect()) {
            case SQLITE -> SqliteSeriesStore.open(database, properties.limits());
            case POSTGRESQL -> PostgresSeriesStore.open(database, properties.limits(), properties.group(), partitions);
        };
    }

    /// Its lifecycle ends it, before the store ends.
    @Bean(destroyMethod = "")
    Partitions partitions(Database database, Replicas replicas, MeterRegistry registry) {
        return switch (database.dialect()) {
            case SQLITE -> Partitions.ALL;
            case POSTGRESQL -> {
                OwnedPartitions owned = new OwnedPartitions(database, replicas.self());
                SeriesMeters.watch(registry, owned);
                yield owned;
            }
        };
    }

    /// Begins before the detectors, so that these know what they score, and ends after their last turn.
    @Bean
    SmartLifecycle partitionsLifecycle(Partitions partitions, SeriesStore store) {
        return new SmartLifecycle() {

            private static final int BEFORE_THE_DETECTORS = 6144;

            private volatile boolean running;

            @Override
            public int getPhase() {
                return DEFAULT_PHASE - BEFORE_THE_DETECTORS;
            }

            @Override
            public void start() {
                if (partitions instanceof OwnedPartitions owned && store instanceof PostgresSeriesStore shared) {
                    owned.start(shared.tails());
                    owned.followOthers();
                }
                running = true;
            }

            @Override
            public void stop() {
                running = false;
                if (partitions instanceof OwnedPartitions owned) {
                    owned.close();
                }
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }

    @Bean
    AnnotationStore annotationStore(Database database) {
        return new TableAnnotationStore(database);
    }

    @Bean
    SeriesLookup seriesLookup(SeriesStore store) {
        return new SeriesLookup(store);
    }

    @Bean
    Intake intake(
            SeriesStore store,
            MeterRegistry registry,
            List<SampleListener> listeners,
            ObjectProvider<SampleRelay> relay,
            PushProperties push,
            RetentionProperties retention) {
        return new Intake(
                store,
                registry,
                listeners,
                Optional.ofNullable(relay.getIfAvailable()),
                push.times(InstantSource.system(), retention.retention()));
    }

    @Bean
    Uploads uploads(
            Json json,
            SeriesStore store,
            SeriesLookup lookup,
            Intake intake,
            Database database,
            SeriesStoreProperties properties) {
        return new Uploads(
                new SampleReader(json), store, lookup, intake, database::temporaryFile, properties.seriesLimit());
    }

    /// The jobs know them as periodic work.
    @Bean
    UploadBodies uploadBodies(DataDirectory directory, Database database, ObjectProvider<Jobs> jobs) {
        Predicate<String> isNeeded = body -> jobs.getObject().isTaken(UploadJob.KIND, body);
        return switch (database.dialect()) {
            case SQLITE -> new DirectoryUploadBodies(directory, isNeeded, () -> database.requireRoom(0));
            case POSTGRESQL -> new TableUploadBodies(database, isNeeded);
        };
    }

    @Bean
    JobReports uploadReports(Database database) {
        return new JobReports(database, "upload");
    }

    @Bean
    UploadJob uploadJob(Uploads uploads, UploadBodies bodies, JobReports uploadReports, Json json) {
        return new UploadJob(uploads, bodies, uploadReports, json);
    }

    @Bean
    Retention retention(SeriesStore store, RetentionProperties properties, MeterRegistry registry) {
        return new Retention(store, properties.retention(), new SeriesMeters(registry));
    }
}
