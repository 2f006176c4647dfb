package dev.telltale.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class ModelsPropertiesTest {

    @Test
    void haveDefaults() {
        assertThat(bind(ModelsProperties.class))
                .isEqualTo(new ModelsProperties(DataSize.ofMegabytes(128), 10_000, 1_000));
        assertThat(bind(TrainingProperties.class)).isEqualTo(new TrainingProperties(DataSize.ofMegabytes(384)));
    }

    @Test
    void takeEverySetting() {
        assertThat(bind(
                        ModelsProperties.class,
                        "telltale.models.memory=1MB",
                        "telltale.models.limit=2",
                        "telltale.models.version-limit=3"))
                .isEqualTo(new ModelsProperties(DataSize.ofMegabytes(1), 2, 3));
        assertThat(bind(TrainingProperties.class, "telltale.training.memory=2GB"))
                .isEqualTo(new TrainingProperties(DataSize.ofGigabytes(2)));
    }

    @Test
    void refuseBadValuesAndMisspeltNames() {
        for (String setting : new String[] {
            "telltale.models.memory=0B",
            "telltale.models.mermory=1MB",
            "telltale.models.limit=0",
            "telltale.models.version-limit=1000001",
            "telltale.training.memory=0B",
            "telltale.training.memroy=1MB"
        }) {
            assertThatThrownBy(() -> bind(ModelsProperties.class, setting))
                    .rootCause()
                    .hasMessageContaining(
                            setting.substring(0, setting.indexOf('=')).replaceAll(".*\\.", ""));
        }
    }

    private static <T> T bind(Class<T> type, String... settings) {
        java.util.concurrent.atomic.AtomicReference<T> bound = new java.util.concurrent.atomic.AtomicReference<>();
        new ApplicationContextRunner()
                .withUserConfiguration(Bound.class)
                .withPropertyValues(settings)
                .run(context -> bound.set(context.getBean(type)));
        return bound.get();
    }

    @Configuration
    @EnableConfigurationProperties({ModelsProperties.class, TrainingProperties.class})
    static class Bound {}
}
