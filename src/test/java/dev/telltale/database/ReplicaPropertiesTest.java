package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class ReplicaPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void aProcessIsCalledAsItsHostByDefault() {
        runner.run(context -> {
            ReplicaProperties properties = context.getBean(ReplicaProperties.class);
            assertThat(properties.name()).isEmpty();
            assertThat(properties.nameOrHost()).isEqualTo(ReplicaName.ofHost()).matches(ReplicaName.ALLOWED);
        });
    }

    @Test
    void itsNameCanBeSet() {
        runner.withPropertyValues("telltale.replica.name=telltale-0")
                .run(context -> assertThat(
                                context.getBean(ReplicaProperties.class).nameOrHost())
                        .isEqualTo("telltale-0"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"telltale.replica.name=a b", "telltale.replica.name=a/b", "telltale.replica.nam=a"})
    void aBadValueOrAMisspeltNameStopsTheStart(String setting) {
        runner.withPropertyValues(setting)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("telltale.replica"));
    }

    @Configuration
    @EnableConfigurationProperties(ReplicaProperties.class)
    static class Bound {}
}
