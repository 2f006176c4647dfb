package dev.telltale.http;

import dev.telltale.database.Database;
import dev.telltale.database.DatabaseClock;
import dev.telltale.database.Replicas;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.List;
import org.apache.catalina.core.StandardHost;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.http.converter.autoconfigure.ServerHttpMessageConvertersCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.json.JsonMapper;

/// Wires what all routes share.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    HttpProperties.class,
    WorkProperties.class,
    ConnectionsProperties.class,
    PublicUrlProperties.class
})
class HttpConfiguration {

    @Bean
    Json json() {
        return new Json();
    }

    @Bean
    PublicUrl publicUrl(PublicUrlProperties properties) {
        return properties.url();
    }

    @Bean
    JsonMapper jsonMapper(Json json) {
        return json.mapper();
    }

    @Bean
    @Order(Ordered.LOWEST_PRECEDENCE)
    ServerHttpMessageConvertersCustomizer strictJson(Json json) {
        return converters -> converters.withJsonConverter(new JsonConverter(json));
    }

    @Bean
    FilterRegistrationBean<SecurityHeaders> securityHeaders() {
        FilterRegistrationBean<SecurityHeaders> registration = new FilterRegistrationBean<>(new SecurityHeaders());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
        return registration;
    }

    @Bean
    FilterRegistrationBean<RequestIds> requestIds() {
        FilterRegistrationBean<RequestIds> registration = new FilterRegistrationBean<>(new RequestIds());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 1);
        return registration;
    }

    @Bean
    FilterRegistrationBean<PrettyAnswers> prettyAnswers() {
        FilterRegistrationBean<PrettyAnswers> registration = new FilterRegistrationBean<>(new PrettyAnswers());
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 5);
        return registration;
    }

    @Bean
    HttpMeters httpMeters(MeterRegistry registry) {
        return new HttpMeters(registry);
    }

    @Bean
    Gates gates(WorkProperties work, HttpMeters meters) {
        Gates gates = work.gates();
        gates.watch(meters);
        return gates;
    }

    @Bean
    SlowCallers slowCallers(ConnectionsProperties connections, HttpMeters meters) {
        return new SlowCallers(connections.patience(), meters);
    }

    @Bean
    EarlyAnswers earlyAnswers(
            SlowCallers slowCallers,
            Gates gates,
            Drain drain,
            @Qualifier("handlerExceptionResolver") HandlerExceptionResolver problems) {
        return new EarlyAnswers(slowCallers, gates, drain, problems);
    }

    @Bean
    Drain drain(ConnectionsProperties connections, ServerProperties server) {
        return new Drain(connections.drainDelayOn(server.getAddress()));
    }

    @Bean
    FilterRegistrationBean<GateFilter> boundedWork(
            Gates gates, SlowCallers slowCallers, Drain drain, HttpMeters meters, EarlyAnswers answers) {
        FilterRegistrationBean<GateFilter> registration =
                new FilterRegistrationBean<>(new GateFilter(gates, slowCallers, drain, meters, answers));
        registration.setOrder(
                Ordered.HIGHEST_PRECEDENCE + 10); // before anything is read, and of those alone who may come
        return registration;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> watchedConnections(SlowCallers slowCallers) {
        return factory -> {
            factory.setProtocol(WatchedHttp.class.getName());
            factory.addConnectorCustomizers(
                    connector -> slowCallers.watch((WatchedHttp) connector.getProtocolHandler()));
        };
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimits(HttpProperties limits, EarlyAnswers answers) {
        FilterRegistrationBean<BodyLimitFilter> registration =
                new FilterRegistrationBean<>(new BodyLimitFilter(limits, answers));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 11);
        return registration;
    }

    @Bean
    AnswerTable answerTable(Database database, Json json, DatabaseClock clock, Replicas replicas) {
        return new AnswerTable(database, json, clock, replicas);
    }

    @Bean
    FilterRegistrationBean<IdempotencyFilter> idempotency(AnswerTable answers, EarlyAnswers early) {
        FilterRegistrationBean<IdempotencyFilter> registration =
                new FilterRegistrationBean<>(new IdempotencyFilter(answers, early));
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 20); // sees the body as the routes do, decoded
        return registration;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsOfTheContainer() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
    }

    @Bean
    ConditionsArgument conditionsArgument() {
        return new ConditionsArgument();
    }

    @Bean
    WholeNumbers wholeNumbers() {
        return new WholeNumbers();
    }

    @Bean
    NextLink nextLink() {
        return new NextLink();
    }

    @Bean
    OpenApiCustomizer enumsAsWritten() {
        return new EnumsAsWritten();
    }

    @Bean
    OpenApiCustomizer everyRoute() {
        return new EveryRoute();
    }

    @Bean
    OpenApiCustomizer problemAnswers() {
        return new ProblemAnswers();
    }

    @Bean
    WebMvcConfigurer routes(ConditionsArgument conditions) {
        return new WebMvcConfigurer() {

            @Override
            public void addInterceptors(InterceptorRegistry registry) {
                registry.addInterceptor(new StrictParameters());
            }

            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(conditions);
            }

            @Override
            public void addViewControllers(ViewControllerRegistry registry) {
                registry.addRedirectViewController("/", "/swagger-ui.html"); // what a browser opens first
            }

            @Override
            public void addFormatters(FormatterRegistry registry) {
                registry.addConverterFactory(new EnumWords());
                registry.addConverter(String.class, Instant.class, text -> Instant.ofEpochMilli(Times.parse(text)));
            }
        };
    }
}
