package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class RatePropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void hasDefaults() {
        runner.run(context -> assertThat(context.getBean(RateProperties.class))
                .isEqualTo(new RateProperties(2_000, 20_000, 10, 100, 10_000)));
    }

    @Test
    void takesEverySetting() {
        runner.withPropertyValues(
                        "telltale.access.rate.requests=3",
                        "telltale.access.rate.burst=4",
                        "telltale.access.rate.failures=5",
                        "telltale.access.rate.failure-burst=6",
                        "telltale.access.rate.callers=7")
                .run(context ->
                        assertThat(context.getBean(RateProperties.class)).isEqualTo(new RateProperties(3, 4, 5, 6, 7)));
    }

    @Test
    void limitsNothingAtZero() {
        RateProperties none = new RateProperties(0, 1, 0, 1, 1);
        assertThat(none.ofRequests().limits()).isFalse();
        assertThat(none.ofFailures().limits()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "requests=-1",
        "requests=20001",
        "requests=2000000",
        "burst=1999",
        "burst=0",
        "failures=101",
        "failure-burst=9",
        "callers=0",
        "callers=many",
        "request=1"
    })
    void stopsTheStartForABadValueOrAMisspeltName(String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        runner.withPropertyValues("telltale.access.rate." + setting)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(name));
    }

    @Configuration
    @EnableConfigurationProperties(RateProperties.class)
    static class Bound {}
}
