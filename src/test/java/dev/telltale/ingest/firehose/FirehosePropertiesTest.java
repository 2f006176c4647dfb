package dev.telltale.ingest.firehose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class FirehosePropertiesTest {

    @Test
    void hasNoKeyByDefault() {
        assertThat(bind(Map.of()).accessKey()).isEmpty();
    }

    @Test
    void takesEverySettingAndDoesNotTellIt() {
        FirehoseProperties properties = bind(Map.of("access-key", "0123456789abcdef"));
        assertThat(properties.accessKey()).isEqualTo("0123456789abcdef");
        assertThat(properties).hasToString("FirehoseProperties[accessKey=set]");
    }

    @Test
    void refusesBadValuesAndMisspeltNames() {
        for (String name : new String[] {"access-key", "acces-key"}) {
            assertThatThrownBy(() -> bind(Map.of(name, "too short")))
                    .rootCause()
                    .hasMessageContaining(name);
        }
        assertThatThrownBy(() -> bind(Map.of("access-key", "too short")))
                .rootCause()
                .hasMessageNotContaining("too short");
    }

    private static FirehoseProperties bind(Map<String, String> settings) {
        FirehoseProperties[] bound = new FirehoseProperties[1];
        new ApplicationContextRunner()
                .withUserConfiguration(Bound.class)
                .withPropertyValues(settings.entrySet().stream()
                        .map(setting -> "telltale.ingest.firehose." + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new))
                .run(context -> bound[0] = context.getBean(FirehoseProperties.class));
        return bound[0];
    }

    @Configuration
    @EnableConfigurationProperties(FirehoseProperties.class)
    static class Bound {}
}
