package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class PushPropertiesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration RETENTION = Duration.ofDays(7);

    @Test
    void takesTenMinutesOfTheFutureAndWhatWouldBeKept() {
        assertThat(range(bind())).isEqualTo(range("2026-02-22T12:00:00Z", "2026-03-01T12:10:00Z"));
        assertThat(bind().times(() -> NOW, Duration.ZERO).now().earliest()).isEqualTo(Intake.EARLIEST);
    }

    @Test
    void takesEverySetting() {
        assertThat(range(bind("future=30s", "oldest=1h")))
                .isEqualTo(range("2026-03-01T11:00:00Z", "2026-03-01T12:00:30Z"));
        assertThat(range(bind("oldest=0")).earliest()).isEqualTo(Intake.EARLIEST);
        assertThat(range(bind("future=36500d", "oldest=36500d")))
                .isEqualTo(new PushedTimes.Range(Intake.EARLIEST, Intake.LATEST));
    }

    @Test
    void refusesBadValues() {
        for (String name : new String[] {"future", "oldest"}) {
            for (String value : new String[] {"-1s", "soon", "99999999d"}) {
                assertThatThrownBy(() -> bind(name + "=" + value))
                        .as(name + "=" + value)
                        .rootCause()
                        .hasMessageContaining(value.equals("soon") ? "soon" : "telltale.ingest." + name);
            }
        }
    }

    private static PushedTimes.Range range(PushProperties properties) {
        return properties.times(() -> NOW, RETENTION).now();
    }

    private static PushedTimes.Range range(String earliest, String latest) {
        return new PushedTimes.Range(
                Instant.parse(earliest).toEpochMilli(), Instant.parse(latest).toEpochMilli());
    }

    private static PushProperties bind(String... settings) {
        PushProperties[] bound = new PushProperties[1];
        String[] keys = new String[settings.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = "telltale.ingest." + settings[i];
        }
        new ApplicationContextRunner()
                .withUserConfiguration(Bound.class)
                .withPropertyValues(keys)
                .run(context -> bound[0] = context.getBean(PushProperties.class));
        return bound[0];
    }

    @Configuration
    @EnableConfigurationProperties(PushProperties.class)
    static class Bound {}
}
