package dev.telltale.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class JobsPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void hasDefaults() {
        runner.run(context -> assertThat(context.getBean(JobsProperties.class))
                .isEqualTo(new JobsProperties(16, Duration.ofMinutes(30))));
    }

    @Test
    void takesEverySetting() {
        runner.withPropertyValues("telltale.jobs.queue-capacity=7", "telltale.jobs.time-limit=2h")
                .run(context -> assertThat(context.getBean(JobsProperties.class))
                        .isEqualTo(new JobsProperties(7, Duration.ofHours(2))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "queue-capacity=0",
                "queue-capacity=10001",
                "queue-capacity=many",
                "time-limit=0s",
                "time-limit=soon",
                "queue-capacty=1"
            })
    void stopsTheStartForABadValueOrAMisspeltName(String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        runner.withPropertyValues("telltale.jobs." + setting)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(name));
    }

    @Configuration
    @EnableConfigurationProperties(JobsProperties.class)
    static class Bound {}
}
