package dev.telltale.database;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({DatabaseProperties.class, PostgresProperties.class, StorageProperties.class})
class DatabaseConfiguration {

    @Bean
    DataDirectory dataDirectory(DatabaseProperties properties) {
        return DataDirectory.open(properties.dataDir());
    }

    @Bean
    FreeSpace freeSpace(DataDirectory directory, StorageProperties properties) {
        return new FreeSpace(FreeSpace.Disk.of(directory.path()), properties.bound());
    }

    @Bean
    Database database(DataDirectory directory, FreeSpace space, PostgresProperties server, MeterRegistry registry) {
        if (server.areGiven()) {
            PostgresDatabase database = PostgresDatabase.open(directory, space, server);
            DatabaseMeters.register(registry, database, space);
            return database;
        }
        SqliteDatabase database = SqliteDatabase.open(directory, space);
        DatabaseMeters.register(registry, database, space);
        return database;
    }
}
