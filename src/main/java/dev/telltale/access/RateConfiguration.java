package dev.telltale.access;

import io.github.bucket4j.TimeMeter;
import jakarta.servlet.Filter;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.HandlerExceptionResolver;

/// Wires how much each caller may ask for.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RateProperties.class)
class RateConfiguration {

    /// Before anybody looks at the credentials.
    @Bean
    FilterRegistrationBean<Filter> failureFilter(
            RateProperties properties,
            Keys keys,
            Audit audit,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        Rate rate = properties.ofFailures();
        return limiting(
                rate,
                new FailureFilter(
                        new Buckets(rate, properties.callers(), TimeMeter.SYSTEM_NANOTIME),
                        keys::knows,
                        audit,
                        problems),
                Ordered.HIGHEST_PRECEDENCE + 7);
    }

    /// As soon as it is known who calls.
    @Bean
    FilterRegistrationBean<Filter> rateFilter(
            RateProperties properties,
            Audit audit,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        Rate rate = properties.ofRequests();
        return limiting(
                rate,
                new RateFilter(new Buckets(rate, properties.callers(), TimeMeter.SYSTEM_NANOTIME), audit, problems),
                Ordered.HIGHEST_PRECEDENCE + 9);
    }

    private static FilterRegistrationBean<Filter> limiting(Rate rate, Filter filter, int order) {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
        registration.setEnabled(rate.limits());
        registration.setOrder(order);
        return registration;
    }
}
