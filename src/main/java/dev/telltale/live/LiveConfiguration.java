package dev.telltale.live;

import dev.telltale.database.Database;
import dev.telltale.http.Json;
import dev.telltale.models.ModelScoring;
import dev.telltale.series.AnnotationStore;
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
    Detectors detectors(
            Database database,
            Json json,
            SeriesStore store,
            AnnotationStore annotations,
            ModelScoring scoring,
            FindingStore findings,
            List<ScoreListener> scoreListeners,
            KnownReceivers receivers,
            LiveMeters meters,
            LiveProperties properties,
            LiveThreads threads,
            MeterRegistry registry) {
        Supplies supplies = new Supplies(
                database,
                store,
                annotations,
                scoring,
                findings,
                new WatchTable(database, json),
                scoreListeners,
                receivers,
                meters,
                properties,
                InstantSource.system(),
                threads.workers(),
                threads::later);
        Detectors detectors = new Detectors(new DetectorTable(database, json), supplies, threads.background());
        LiveMeters.watch(registry, detectors::watchedSeries, detectors::pending);
        return detectors;
    }

    @Bean
    ScoreColumn scoreColumn(Detectors detectors, SeriesStore store) {
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
