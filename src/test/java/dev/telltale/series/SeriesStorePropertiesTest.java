package dev.telltale.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class SeriesStorePropertiesTest {

    @Test
    void hasDefaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new SeriesStoreProperties(
                        100_000, DataSize.ofMegabytes(64), DataSize.ofMegabytes(64), 16, "instance"));
    }

    @Test
    void takesEverySetting() {
        assertThat(bind(Map.of("series-limit", "7", "head-memory", "1MB", "journal-size", "2GB"))
                        .limits())
                .isEqualTo(new ChunkedSeriesStore.Limits(7, 65_536, 2L << 30));
    }

    @Test
    void takesHowSeriesLieInPartitions() {
        assertThat(bind(Map.of("partitions", "3", "group-label", "host")).group())
                .isEqualTo(new FrameGroup("host", 3));
        assertThatThrownBy(() -> bind(Map.of("partitions", "1025")))
                .rootCause()
                .hasMessageContaining("telltale.store.partitions must be from 1 to 1024");
        assertThatThrownBy(() -> bind(Map.of("group-label", "")))
                .rootCause()
                .hasMessageContaining("telltale.store.group-label");
    }

    @Test
    void refusesBadValuesAndMisspeltNames() {
        for (String name : new String[] {"series-limit", "head-memory", "journal-size", "partitions", "head-memroy"}) {
            assertThatThrownBy(() -> bind(Map.of(name, "0"))).rootCause().hasMessageContaining(name);
        }
    }

    private static SeriesStoreProperties bind(Map<String, String> settings) {
        SeriesStoreProperties[] bound = new SeriesStoreProperties[1];
        new ApplicationContextRunner()
                .withUserConfiguration(Bound.class)
                .withPropertyValues(settings.entrySet().stream()
                        .map(setting -> "telltale.store." + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new))
                .run(context -> bound[0] = context.getBean(SeriesStoreProperties.class));
        return bound[0];
    }

    @Configuration
    @EnableConfigurationProperties(SeriesStoreProperties.class)
    static class Bound {}
}
