package dev.telltale.egress;

import java.time.InstantSource;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/// Wires scores that are sent, where somebody has said to whom.
@Configuration(proxyBeanMethods = false)
@Conditional(ScoreSenderConfiguration.HasFarEnd.class)
class ScoreSenderConfiguration {

    /// Whether there is an address; one that is empty is none.
    static final class HasFarEnd implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return StringUtils.hasText(context.getEnvironment().getProperty("telltale.egress.remote-write.url"));
        }
    }

    @Bean(destroyMethod = "")
    ScoreSender scoreSender(EgressProperties properties, EgressMeters meters) {
        EgressProperties.RemoteWrite settings = properties.remoteWrite();
        InstantSource clock = InstantSource.system();
        return new ScoreSender(
                new FarEnd(settings.address().orElseThrow(), settings.bearerToken(), settings.timeout(), clock),
                settings.place(),
                settings.batch(),
                settings.queue(),
                settings.maxAge(),
                meters,
                clock);
    }

    /// Begins before the detectors, and ends after their last scores.
    @Bean
    SmartLifecycle scoreSenderLifecycle(ScoreSender sender) {
        return new SmartLifecycle() {

            private static final int BEFORE_THE_DETECTORS = 8192;

            private volatile boolean running;

            @Override
            public int getPhase() {
                return DEFAULT_PHASE - BEFORE_THE_DETECTORS;
            }

            @Override
            public void start() {
                sender.start();
                running = true;
            }

            @Override
            public void stop() {
                running = false;
                sender.close();
            }

            @Override
            public boolean isRunning() {
                return running;
            }
        };
    }
}
