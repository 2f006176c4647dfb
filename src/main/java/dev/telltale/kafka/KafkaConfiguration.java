package dev.telltale.kafka;

import dev.telltale.database.Database;
import dev.telltale.database.Dialect;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/// Wires the way to Kafka, where somebody has said where it is.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({KafkaProperties.class, StoreLayoutProperties.class})
class KafkaConfiguration {

    @Configuration(proxyBeanMethods = false)
    @Conditional(OnKafka.class)
    static class Used {

        @Bean
        KafkaClients kafkaClients(KafkaProperties properties, Database database) {
            if (database.dialect() == Dialect.SQLITE) {
                throw new KafkaUnusable(
                        "telltale.kafka.bootstrap-servers is given, and the store is SQLite: Kafka divides samples"
                                + " among processes, which only PostgreSQL lets work together.",
                        "Let telltale.database.url name a PostgreSQL database, or leave"
                                + " telltale.kafka.bootstrap-servers out.");
            }
            return KafkaClients.of(properties);
        }

        /// After the store, which refuses another number of partitions than it has.
        @Bean(initMethod = "start")
        @DependsOn("seriesStore")
        Topics topics(KafkaClients clients, KafkaProperties properties, StoreLayoutProperties store) {
            return new Topics(clients, properties, store.partitions());
        }

        @Bean
        Installation installation(Database database) {
            return Installation.of(database);
        }

        /// Out of service until the topics were looked at: what is pushed is refused. When Kafka is gone later, it
        /// does not depend on this process, and reads go on.
        @Bean
        HealthIndicator kafkaHealthIndicator(Topics topics) {
            return () -> topics.fault()
                    .map(fault ->
                            Health.outOfService().withDetail("reason", fault).build())
                    .orElseGet(() -> Health.up().build());
        }
    }
}
