package dev.telltale.ops;

import dev.telltale.access.Audit;
import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.torch.TorchEngine;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/// Wires what watches over the service. Health is named by its bean, without `HealthIndicator`.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OpsProperties.class)
class OpsConfiguration {

    @Bean
    static SettingsCheck settingsCheck(ConfigurableEnvironment environment) {
        return new SettingsCheck(environment);
    }

    @Bean
    StartNotice startNotice(DataDirectory data) {
        return new StartNotice(data);
    }

    @Bean
    StoreHealth storeHealthIndicator(Database database) {
        return new StoreHealth(database);
    }

    @Bean
    EngineHealth engineHealthIndicator(TorchEngine engine) {
        return new EngineHealth(engine);
    }

    @Bean
    DamageAudit damageAudit(Audit audit) {
        return new DamageAudit(audit);
    }

    @Bean
    Backups backups(DataDirectory data, Database database) {
        return new Backups(data.path(), database, InstantSource.system());
    }

    @Bean
    BackupJob backupJob(Backups backups) {
        return new BackupJob(backups);
    }
}
