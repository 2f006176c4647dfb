package dev.telltale.database;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DatabaseProperties.class)
class DatabaseConfiguration {

    @Bean
    DataDirectory dataDirectory(DatabaseProperties properties) {
        return DataDirectory.open(properties.dataDir());
    }

    @Bean
    Database database(DataDirectory directory) {
        return SqliteDatabase.open(directory);
    }
}
