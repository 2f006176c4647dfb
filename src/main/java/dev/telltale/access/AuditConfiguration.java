package dev.telltale.access;

import dev.telltale.database.DataDirectory;
import dev.telltale.database.Database;
import dev.telltale.database.Replicas;
import dev.telltale.http.EarlyAnswers;
import dev.telltale.http.Json;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/// Wires the log of changes and refusals.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuditProperties.class)
class AuditConfiguration {

    @Bean
    AccessMeters accessMeters(MeterRegistry registry) {
        return new AccessMeters(registry);
    }

    @Bean
    AuditLog auditLog(
            DataDirectory directory,
            Database database,
            Replicas replicas,
            AuditProperties properties,
            Json json,
            AccessMeters meters) {
        return replicas.areShared()
                ? AuditTable.ofChanges(database, properties.total(), json, meters)
                : new AuditFileLog(AuditFiles.ofChanges(directory.path()), properties, json, meters);
    }

    @Bean
    RefusalAudit refusalAudit(
            DataDirectory directory,
            Database database,
            Replicas replicas,
            AuditProperties properties,
            Json json,
            AccessMeters meters) {
        AuditProperties kept = properties.ofRefusals();
        return new RefusalAudit(
                replicas.areShared()
                        ? AuditTable.ofRefusals(database, kept.total(), json, meters)
                        : new AuditFileLog(AuditFiles.ofRefusals(directory.path()), kept, json, meters));
    }

    @Bean
    Audit audit(AuditLog log, RefusalAudit refusals, AccessMeters meters) {
        return new Audit(log, refusals, InstantSource.system(), meters);
    }

    /// Before `Idempotency-Key`, which keeps what was answered though its line is not on disk yet: who sends that again
    /// does nothing twice. An answer that is given again has no route, and so no line.
    @Bean
    FilterRegistrationBean<AuditFilter> auditFilter(Audit audit, EarlyAnswers answers) {
        FilterRegistrationBean<AuditFilter> registration =
                new FilterRegistrationBean<>(new AuditFilter(audit, answers));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 19);
        return registration;
    }
}
