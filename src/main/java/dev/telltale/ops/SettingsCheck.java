package dev.telltale.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/// Stops the start on a misspelt setting, before any bean is made: a service that silently runs on a
/// default is worse than one that does not run.
///
/// An unknown variable of the environment is only warned of, since others may share the prefix.
final class SettingsCheck implements BeanFactoryPostProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(SettingsCheck.class);
    private static final String PREFIX = "telltale.";
    private static final String VARIABLE_PREFIX = "TELLTALE_";
    /// Variables that are not for the service: where tests find bodies of real data.
    private static final Set<String> FOREIGN_VARIABLES = Set.of("TELLTALE_CORPORA");

    private final ConfigurableEnvironment environment;

    SettingsCheck(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        KnownSettings known = known(beans);
        for (PropertySource<?> source : environment.getPropertySources()) {
            if (source instanceof EnumerablePropertySource<?> enumerable) {
                check(enumerable, known);
            }
        }
    }

    private static void check(EnumerablePropertySource<?> source, KnownSettings known) {
        boolean isEnvironment = source.getName().endsWith(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        for (String key : source.getPropertyNames()) {
            if (isEnvironment) {
                if (key.toUpperCase(Locale.ROOT).startsWith(VARIABLE_PREFIX)
                        && !FOREIGN_VARIABLES.contains(key)
                        && !known.contains(key)) {
                    LOG.warn("{}", sentence("environment variable", key, "", known));
                }
            } else if (key.startsWith(PREFIX) && !known.contains(key)) {
                String place = Optional.ofNullable(OriginLookup.getOrigin(source, key))
                        .map(Origin::toString)
                        .orElse(source.getName());
                throw new StartRefused(
                        sentence("setting", key, " (from " + place + ")", known),
                        "Correct or remove it. The settings are: " + String.join(", ", known.all()) + ".");
            }
        }
    }

    private static String sentence(String what, String key, String place, KnownSettings known) {
        return "The %s '%s'%s is not known%s"
                .formatted(
                        what,
                        key,
                        place,
                        known.nearest(key)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("."));
    }

    private static KnownSettings known(ConfigurableListableBeanFactory beans) {
        List<Class<?>> records = new ArrayList<>();
        for (String name : beans.getBeanNamesForAnnotation(ConfigurationProperties.class)) {
            Class<?> type = beans.getType(name, false);
            if (type != null && type.isRecord()) {
                records.add(type);
            }
        }
        return KnownSettings.of(records.stream()
                .filter(type -> type.getPackageName().startsWith("dev.telltale."))
                .toList());
    }
}
