package dev.telltale.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class AttentionPropertiesTest {

    @Test
    void haveDefaults() {
        assertThat(bind()).isEqualTo(new AttentionProperties(4096, DataSize.ofMegabytes(512)));
    }

    @Test
    void takeEverySetting() {
        assertThat(bind("telltale.attention.max-rows=10000", "telltale.attention.memory=4GB"))
                .isEqualTo(new AttentionProperties(10_000, DataSize.ofGigabytes(4)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "telltale.attention.max-rows=0",
                "telltale.attention.max-rows=10001",
                "telltale.attention.max-row=1",
                "telltale.attention.memory=1B",
                "telltale.attention.memory=5GB"
            })
    void refuseBadValuesAndMisspeltNames(String setting) {
        assertThatThrownBy(() -> bind(setting))
                .rootCause()
                .hasMessageContaining(setting.substring(0, setting.indexOf('=')).replaceAll(".*\\.", ""));
    }

    private static AttentionProperties bind(String... settings) {
        AtomicReference<AttentionProperties> bound = new AtomicReference<>();
        new ApplicationContextRunner()
                .withUserConfiguration(Bound.class)
                .withPropertyValues(settings)
                .run(context -> bound.set(context.getBean(AttentionProperties.class)));
        return bound.get();
    }

    @Configuration
    @EnableConfigurationProperties(AttentionProperties.class)
    static class Bound {}
}
