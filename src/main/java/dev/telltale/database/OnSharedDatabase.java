package dev.telltale.database;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/// Tells that the database is one on which other processes may work too.
public final class OnSharedDatabase implements Condition {

    private static final String URL = "telltale.database.url";

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return !context.getEnvironment().getProperty(URL, "").isEmpty();
    }
}
