package dev.telltale.database;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires what processes on one database agree by.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ReplicaProperties.class)
class SharingConfiguration {

    @Bean
    DatabaseClock databaseClock(Database database) {
        return DatabaseClock.on(database);
    }

    @Bean
    Replicas replicas(Database database, ReplicaProperties properties, MeterRegistry registry) {
        Replicas replicas = Replicas.on(database, properties.nameOrHost());
        if (replicas instanceof ReplicaTable table) {
            DatabaseMeters.register(registry, table);
        }
        return replicas;
    }

    @Bean
    Leases leases(Database database, Replicas replicas) {
        return Leases.on(database, replicas);
    }

    @Bean
    Changes changes(Database database) {
        return Changes.on(database);
    }
}
