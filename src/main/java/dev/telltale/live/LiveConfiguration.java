package dev.telltale.live;

import dev.telltale.database.Changes;
import dev.telltale.database.Database;
import dev.telltale.database.Replicas;
import dev.telltale.http.Json;
import dev.telltale.models.ModelScoring;
import dev.telltale.series.AnnotationStore;
import dev.telltale.series.Partitions;
import dev.telltale.series.SeriesStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LiveProperties.class)
class LiveConfiguration {

    @Bean
    LiveMeters liveMeters(MeterRegistry registry) {
        return new LiveMeters(registry);
    }

    @Bean
    LiveThreads liveThreads(LiveProperties properties) {
        return new LiveThreads(properties.workers());
    }

    @Bean
    Supplies liveSupplies(
            Database database,
            Json json,
            SeriesStore store,
            AnnotationStore annotations,
            ModelScoring scoring,
            FindingStore findings,
            Partitions partitions,
            Changes changes,
            Replicas replicas,
            List<ScoreListener> scoreListeners,
            KnownReceivers receivers,
            LiveMeters meters,
            LiveProperties properties,
            LiveThreads threads) {
        return new Supplies(
                database,
                store,
                annotations,
                scoring,
                findings,
                new DetectorTable(database, json),
                new WatchTable(database, json),
                new Homes(store, partitions),
                changes,
                replicas.areShared(),
                scoreListeners,
                receivers,
                meters,
                properties,
                InstantSource.system(),
                threads.workers(),
                threads::later);
    }

    @Bean
    DetectorChanges detectorChanges(Supplies supplies) {
        return new DetectorChanges(supplies);
    }

    @Bean
    Detectors detectors(
            Supplies supplies,
            DetectorChanges changes,
            LaneStatusTable statuses,
            LiveThreads threads,
            MeterRegistry registry) {
        Detectors detectors =
                new Detectors(supplies, changes, new LaneReports(supplies, statuses), threads.background());
        LiveMeters.watch(registry, detectors::watchedSeries, detectors::pending);
        return detectors;
    }

    @Bean
    LaneStatusTable laneStatusTable(Database database, Json json) {
        return new LaneStatusTable(database, json);
    }

    @Bean
    DetectorStates detectorStates(Supplies supplies, Detectors detectors, LaneStatusTable statuses) {
        return new DetectorStates(supplies, detectors, statuses);
    }

    @Bean
    ScoreColumn scoreColumn(DetectorStates detectors, SeriesStore store) {
        return new ScoreColumn(detectors, store);
    }

    /// Begins before the web server takes samples, and ends after its last request.
    @Bean
    SmartLifecycle detectorsLifecycle(Detectors detectors, LiveThreads threads) {
        return new SmartLifecycle() {

            private static final int BEFORE_THE_WEB_SERVER = 4096;

            private volatile boolean running;

            @Override
            public int getPhase() {
                return DEFAULT_PHASE - BEFORE_THE_WEB_SERVER;
            }

            @Override
            public void start() {
                detectors.start();
                threads.everySecond(detectors::tick);
                running = true;
            }

            @Override
            public void stop() {
                running = false;
                detectors.stop();
                threads.close();
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }
}
