package dev.telltale.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class IncidentsPropertiesTest {

    @Test
    void hasDefaults() {
        assertThat(bind(Map.of())).isEqualTo(new IncidentsProperties(Duration.ofDays(90), 100_000));
    }

    @Test
    void takesEverySetting() {
        assertThat(bind(Map.of("retention", "0", "limit", "7"))).isEqualTo(new IncidentsProperties(Duration.ZERO, 7));
    }

    @Test
    void refusesBadValuesAndMisspeltNames() {
        for (String[] bad : new String[][] {
            {"retention", "-1d"}, {"retention", "soon"}, {"limit", "0"}, {"limit", "many"}, {"limti", "7"}
        }) {
            assertThatThrownBy(() -> bind(Map.of(bad[0], bad[1]))).hasStackTraceContaining(bad[0]);
        }
    }

    private static IncidentsProperties bind(Map<String, String> settings) {
        IncidentsProperties[] bound = new IncidentsProperties[1];
        new ApplicationContextRunner()
                .withUserConfiguration(Bound.class)
                .withPropertyValues(settings.entrySet().stream()
                        .map(setting -> "telltale.incidents." + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new))
                .run(context -> bound[0] = context.getBean(IncidentsProperties.class));
        return bound[0];
    }

    @Configuration
    @EnableConfigurationProperties(IncidentsProperties.class)
    static class Bound {}
}
