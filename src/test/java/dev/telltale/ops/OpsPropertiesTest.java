package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/// Misspelt names are found by `SettingsCheck`, since other records share the prefix.
class OpsPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void makesNoDemoByDefault() {
        runner.run(context ->
                assertThat(context.getBean(OpsProperties.class).demo()).isFalse());
    }

    @Test
    void makesTheDemoWhereItIsAskedFor() {
        runner.withPropertyValues("telltale.demo=true")
                .run(context ->
                        assertThat(context.getBean(OpsProperties.class).demo()).isTrue());
    }

    @Test
    void stopsTheStartForABadValue() {
        runner.withPropertyValues("telltale.demo=perhaps")
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("telltale.demo"));
    }

    @Configuration
    @EnableConfigurationProperties(OpsProperties.class)
    static class Bound {}
}
