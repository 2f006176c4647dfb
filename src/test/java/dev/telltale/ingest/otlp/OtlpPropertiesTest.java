package dev.telltale.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class OtlpPropertiesTest {

    @Test
    void hasDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new OtlpProperties(
                        DataSize.ofMegabytes(32), List.of("process.*", "telemetry.sdk.*", "os.description")));
    }

    @Test
    void takesEverySetting() {
        assertThat(bind(Map.of("rate-memory", "2MB", "ignored-resource-attributes", "a,b.*")))
                .isEqualTo(new OtlpProperties(DataSize.ofMegabytes(2), List.of("a", "b.*")));
    }

    @Test
    void refusesBadValuesAndMisspeltNames() {
        for (String name : new String[] {"rate-memory", "rate-memroy"}) {
            assertThatThrownBy(() -> bind(Map.of(name, "0"))).rootCause().hasMessageContaining(name);
        }
    }

    private static OtlpProperties bind(Map<String, String> settings) {
        OtlpProperties[] bound = new OtlpProperties[1];
        new ApplicationContextRunner()
                .withUserConfiguration(Bound.class)
                .withPropertyValues(settings.entrySet().stream()
                        .map(setting -> "telltale.ingest.otlp." + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new))
                .run(context -> bound[0] = context.getBean(OtlpProperties.class));
        return bound[0];
    }

    @Configuration
    @EnableConfigurationProperties(OtlpProperties.class)
    static class Bound {}
}
