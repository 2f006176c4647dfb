package dev.telltale.access;

import dev.telltale.database.DataDirectory;
import dev.telltale.http.Json;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Wires the log of changes and refusals.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AuditProperties.class)
class AuditConfiguration {

    @Bean
    AccessMeters accessMeters(MeterRegistry registry) {
        return new AccessMeters(registry);
    }

    @Bean
    AuditLog auditLog(DataDirectory directory, AuditProperties properties, Json json, AccessMeters meters) {
        return new AuditLog(directory.path(), properties, json, meters);
    }

    @Bean
    RefusalAudit refusalAudit(AuditLog log) {
        return new RefusalAudit(log);
    }

    @Bean
    Audit audit(AuditLog log, RefusalAudit refusals, AccessMeters meters) {
        return new Audit(log, refusals, InstantSource.system(), meters);
    }

    /// After `Idempotency-Key`: an answer that is given again has changed nothing again.
    @Bean
    FilterRegistrationBean<AuditFilter> auditFilter(
            Audit audit, @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        FilterRegistrationBean<AuditFilter> registration =
                new FilterRegistrationBean<>(new AuditFilter(audit, problems));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 21);
        return registration;
    }
}
