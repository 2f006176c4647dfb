package dev.telltale.access;

import dev.telltale.database.Database;
import dev.telltale.database.Replicas;
import dev.telltale.http.EarlyAnswers;
import dev.telltale.http.PublicUrl;
import dev.telltale.http.RouteCredential;
import jakarta.servlet.DispatcherType;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.security.web.firewall.HttpFirewall;

/// Wires who may do what.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessProperties.class)
class AccessConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger(AccessConfiguration.class);

    @Bean
    AccessEvents accessEvents(Audit audit) {
        return new AuditedAccess(audit);
    }

    @Bean
    Keys keys(Database database, Replicas replicas, AccessEvents events, AccessProperties properties) {
        Keys keys = new Keys(database, replicas, InstantSource.system(), events);
        if (properties.keyFile() != null) {
            KeyFile.takeIn(properties.keyFile(), keys);
        }
        return keys;
    }

    @Bean
    Gate gate(Environment environment, Keys keys, AccessProperties properties) {
        ListenAddress address = ListenAddress.of(environment);
        boolean takesTokens = properties.issuer() != null;
        address.refuseStrangers(takesTokens || keys.areLive());
        return new Gate(address, takesTokens, keys);
    }

    @Bean
    Tokens tokens(AccessProperties properties) {
        if (properties.issuer() == null || properties.audience() == null) {
            return token -> new Recognition.Stranger();
        }
        return new SignedTokens(
                new IssuerKeys(properties.issuer(), Optional.ofNullable(properties.jwkSetUri())),
                properties.issuer().toString(),
                properties.audience(),
                properties.rolesClaim());
    }

    @Bean
    Door door(Gate gate, Keys keys, Tokens tokens, ObjectProvider<RouteCredential> ofRoutes) {
        return new Door(gate, new Credentials(keys, tokens, ofRoutes.orderedStream()));
    }

    @Bean
    Refusals refusals(Door door, Shares shares, AccessEvents events, EarlyAnswers answers) {
        return new Refusals(door, shares, events, answers);
    }

    /// The container's meters tell of requests; more of each filter of each request would cost more than the filters.
    @Bean
    SecurityObservationSettings securityObservations() {
        return SecurityObservationSettings.noObservations();
    }

    @Bean
    HttpFirewall firewall() {
        return new PlainAddresses();
    }

    /// The one chain that every request passes. It ends in a refusal of all that `RouteRoles` does not list.
    @Bean
    SecurityFilterChain everyRequest(
            HttpSecurity http, Gate gate, Door door, Refusals refusals, PublicUrl publicUrl, Environment environment) {
        Optional<PublicUrl> toldUrl =
                Optional.of(publicUrl).filter(url -> environment.containsProperty("telltale.public-url"));
        return http.csrf(AbstractHttpConfigurer::disable) // no cookies; `OriginFilter` sees to passwords
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .headers(HeadersConfigurer::disable) // the room `http` sets them, on refusals of the container too
                .requestCache(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .addFilterBefore(new OriginFilter(gate, toldUrl, refusals), BasicAuthenticationFilter.class)
                .addFilterAt(new CredentialFilter(door), BasicAuthenticationFilter.class)
                .exceptionHandling(
                        failures -> failures.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .authorizeHttpRequests(requests -> requests
                        // They go on with a request that was let in.
                        .dispatcherTypeMatchers(DispatcherType.ASYNC, DispatcherType.ERROR)
                        .permitAll()
                        .anyRequest()
                        .access((caller, context) -> new AuthorizationDecision(door.lets(context.getRequest()))))
                .build();
    }

    @Bean
    OpenApiCustomizer accessInDocument() {
        return new AccessInDocument();
    }

    @Bean
    ApplicationListener<ApplicationReadyEvent> openGateNotice(Gate gate) {
        return ready -> {
            if (gate.isOpen()) {
                LOG.warn("There are no keys: every program on this machine may do anything here. Make one with"
                        + " `java -jar telltale.jar keys create --name=me --roles=admin`");
            }
        };
    }
}
