package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class AlertsPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void hasDefaults() {
        runner.run(context -> assertThat(context.getBean(AlertsProperties.class))
                .isEqualTo(new AlertsProperties(
                        List.of(), 100, 1_000, 1_000, Duration.ofSeconds(5), Duration.ofHours(24))));
    }

    @Test
    void takesEverySetting() {
        runner.withPropertyValues(
                        "telltale.alerts.allowed-networks=127.0.0.0/8,fd00::/8",
                        "telltale.alerts.receiver-limit=1",
                        "telltale.alerts.silence-limit=2",
                        "telltale.alerts.queue-capacity=3",
                        "telltale.alerts.timeout=100ms",
                        "telltale.alerts.give-up-after=1m")
                .run(context -> assertThat(context.getBean(AlertsProperties.class))
                        .isEqualTo(new AlertsProperties(
                                List.of("127.0.0.0/8", "fd00::/8"),
                                1,
                                2,
                                3,
                                Duration.ofMillis(100),
                                Duration.ofMinutes(1))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allowed-networks=localhost",
                "allowed-networks=10.0.0.0/33",
                "receiver-limit=0",
                "silence-limit=0",
                "queue-capacity=100001",
                "timeout=0s",
                "timeout=2m",
                "give-up-after=0s",
                "give-up-after=367d",
                "give-up-after=9223372036854775807s",
                "reciever-limit=1"
            })
    void stopsTheStartForABadValueOrAMisspeltName(String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        runner.withPropertyValues("telltale.alerts." + setting)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(name));
    }

    @Configuration
    @EnableConfigurationProperties(AlertsProperties.class)
    static class Bound {}
}
