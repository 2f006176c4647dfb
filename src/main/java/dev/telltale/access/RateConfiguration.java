package dev.telltale.access;

import dev.telltale.http.EarlyAnswers;
import io.github.bucket4j.TimeMeter;
import jakarta.servlet.Filter;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/// Wires how much each caller may ask for.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(RateProperties.class)
class RateConfiguration {

    @Bean
    Shares shares(RateProperties properties) {
        return new Shares(new Buckets(properties.ofRequests(), properties.callers(), TimeMeter.SYSTEM_NANOTIME));
    }

    /// Before the chain that would refuse them too.
    @Bean
    FilterRegistrationBean<Filter> failureFilter(
            RateProperties properties, Door door, Audit audit, EarlyAnswers answers) {
        Rate rate = properties.ofFailures();
        return limiting(
                rate,
                new FailureFilter(
                        new Buckets(rate, properties.callers(), TimeMeter.SYSTEM_NANOTIME), door, audit, answers),
                Ordered.HIGHEST_PRECEDENCE + 7);
    }

    /// As soon as it is known who calls.
    @Bean
    FilterRegistrationBean<Filter> rateFilter(
            RateProperties properties, Shares shares, Audit audit, EarlyAnswers answers) {
        return limiting(
                properties.ofRequests(), new RateFilter(shares, audit, answers), Ordered.HIGHEST_PRECEDENCE + 9);
    }

    private static FilterRegistrationBean<Filter> limiting(Rate rate, Filter filter, int order) {
        FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(filter);
        registration.setEnabled(rate.limits());
        registration.setOrder(order);
        return registration;
    }
}
