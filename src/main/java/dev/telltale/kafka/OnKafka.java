package dev.telltale.kafka;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/// Tells that somebody has said where Kafka is.
public final class OnKafka implements Condition {

    private static final String SERVERS = "telltale.kafka.bootstrap-servers";

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return !context.getEnvironment().getProperty(SERVERS, "").isBlank();
    }
}
