package dev.telltale.alerts;

import dev.telltale.alerts.alertmanager.AlertmanagerNotifier;
import dev.telltale.alerts.webhook.WebhookNotifier;
import dev.telltale.database.Changes;
import dev.telltale.database.Database;
import dev.telltale.database.DatabaseClock;
import dev.telltale.database.Lease;
import dev.telltale.http.Json;
import dev.telltale.http.PublicUrl;
import dev.telltale.live.KnownReceivers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AlertsProperties.class)
class AlertsConfiguration {

    @Bean
    Outbox alertOutbox(Database database, Changes changes, AlertsProperties properties) {
        return new Outbox(database, changes, properties.queueCapacity());
    }

    @Bean
    ReceiverTable receiverTable(Database database, Changes changes, DatabaseClock clock, AlertsProperties properties) {
        return new ReceiverTable(database, changes, clock, properties.receiverLimit());
    }

    @Bean
    KnownReceivers knownReceivers() {
        return (connection, name) ->
                ReceiverTable.find(connection, new ReceiverName(name)).isPresent();
    }

    @Bean
    SilenceTable silenceTable(Database database, Changes changes, DatabaseClock clock, AlertsProperties properties) {
        return new SilenceTable(database, changes, clock, properties.silenceLimit());
    }

    @Bean
    AlertsMeters alertsMeters(MeterRegistry registry, Outbox outbox) {
        return new AlertsMeters(registry, outbox);
    }

    @Bean
    SystemNames systemNames(AlertsProperties properties) {
        return new SystemNames(properties.timeout());
    }

    @Bean
    GuardedNames guardedNames(SystemNames names, AlertsProperties properties) {
        return new GuardedNames(names, properties.rule());
    }

    @Bean
    Courier courier(GuardedNames names, AlertsProperties properties) {
        return new Courier(
                names, DefaultClientTlsStrategy.createDefault(), properties.timeout(), InstantSource.system());
    }

    @Bean
    AlertPipeline alertPipeline(
            Database database,
            Lease findingsLease,
            DatabaseClock clock,
            Outbox outbox,
            SilenceTable silences,
            AlertsMeters meters) {
        return new AlertPipeline(
                database,
                findingsLease,
                outbox,
                silences,
                meters,
                clock,
                () -> UUID.randomUUID().toString());
    }

    @Bean(destroyMethod = "") // its lifecycle ends it, before the database ends
    Dispatch alertDispatch(
            Lease findingsLease,
            Changes changes,
            DatabaseClock clock,
            AlertPipeline pipeline,
            SilenceTable silences,
            ReceiverTable receivers,
            Outbox outbox,
            Courier courier,
            AlertsMeters meters,
            Json json,
            PublicUrl publicUrl,
            AlertsProperties properties) {
        IncidentLinks links = new IncidentLinks(publicUrl);
        Wording wording = new Wording(new AlertmanagerNotifier(json, links), new WebhookNotifier(json, links));
        return new Dispatch(
                findingsLease,
                changes,
                pipeline,
                silences,
                receivers,
                name -> new Sender(
                        name,
                        receivers,
                        outbox,
                        wording,
                        courier::send,
                        meters,
                        clock,
                        new BackOff(RandomGenerator.getDefault()),
                        properties.giveUpAfter()),
                clock);
    }

    @Bean
    AlertIntake alertIntake(Outbox outbox, AlertsMeters meters, Dispatch dispatch) {
        return new AlertIntake(outbox, meters, dispatch::wake);
    }

    @Bean
    SmartLifecycle alertsLifecycle(Dispatch dispatch) {
        return new SmartLifecycle() {

            private volatile boolean running;

            @Override
            public void start() {
                dispatch.start();
                running = true;
            }

            @Override
            public void stop() {
                running = false;
                dispatch.close();
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }
}
