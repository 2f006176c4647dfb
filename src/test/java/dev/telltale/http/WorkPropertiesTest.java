package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class WorkPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void hasDefaults() {
        runner.run(context -> assertThat(context.getBean(WorkProperties.class))
                .isEqualTo(new WorkProperties(null, null, null, null, 16, 64, 64, 1_000)));
    }

    @Test
    void takesEverySetting() {
        runner.withPropertyValues(
                        "telltale.work.scorings=1",
                        "telltale.work.waiting-scorings=2",
                        "telltale.work.pushes=3",
                        "telltale.work.waiting-pushes=4",
                        "telltale.work.uploads=5",
                        "telltale.work.waiting-uploads=6",
                        "telltale.work.others=7",
                        "telltale.work.waiting-others=0")
                .run(context -> assertThat(context.getBean(WorkProperties.class))
                        .isEqualTo(new WorkProperties(1, 2, 3, 4, 5, 6, 7, 0)));
    }

    @ParameterizedTest
    @CsvSource({
        "scorings=0",
        "waiting-scorings=-1",
        "pushes=0",
        "waiting-pushes=10001",
        "uploads=10001",
        "waiting-uploads=few",
        "others=0",
        "waiting-others=-1",
        "scoring=1"
    })
    void stopsTheStartForABadValueOrAMisspeltName(String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        runner.withPropertyValues("telltale.work." + setting)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(name));
    }

    @Configuration
    @EnableConfigurationProperties(WorkProperties.class)
    static class Bound {}
}
