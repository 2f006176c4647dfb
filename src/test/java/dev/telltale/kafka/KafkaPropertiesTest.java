package dev.telltale.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class KafkaPropertiesTest {

    private static KafkaProperties bind(String... settings) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            values.put("telltale.kafka." + settings[i], settings[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("telltale.kafka", KafkaProperties.class);
    }

    private static void assertRefused(String key, String value) {
        assertThatThrownBy(() -> bind(key, value))
                .rootCause()
                .hasMessageContaining("telltale.kafka." + key.replaceAll("\\..*", ""));
    }

    @Test
    void withoutSettingsKafkaIsNotUsed() {
        assertThat(bind())
                .isEqualTo(new KafkaProperties(
                        "",
                        null,
                        "telltale",
                        true,
                        new KafkaProperties.Topics(
                                "telltale.samples", "telltale.samples.dlt", "telltale.scores", "telltale.anomalies"),
                        Duration.ofSeconds(10),
                        500,
                        DataSize.ofMegabytes(8),
                        DataSize.ofMegabytes(4),
                        100_000));
    }

    @Test
    void eachSettingIsBound() {
        assertThat(bind(
                        "bootstrap-servers", "a:1, b:2",
                        "client-file", "/etc/kafka.properties",
                        "group", "g",
                        "create-topics", "false",
                        "topics.samples", "s",
                        "topics.dead-letters", "d",
                        "topics.scores", "",
                        "topics.anomalies", "",
                        "send-timeout", "3s",
                        "poll-records", "7",
                        "poll-size", "1MB",
                        "record-size", "2MB",
                        "score-queue", "2000"))
                .isEqualTo(new KafkaProperties(
                        "a:1, b:2",
                        Path.of("/etc/kafka.properties"),
                        "g",
                        false,
                        new KafkaProperties.Topics("s", "d", "", ""),
                        Duration.ofSeconds(3),
                        7,
                        DataSize.ofMegabytes(1),
                        DataSize.ofMegabytes(2),
                        2_000));
    }

    @Test
    void valuesThatCannotBeAreRefused() {
        assertRefused("bootstrap-servers", "kafka-1");
        assertRefused("bootstrap-servers", "kafka-1:9092,");
        assertRefused("group", " ");
        assertRefused("send-timeout", "999ms");
        assertRefused("send-timeout", "61s");
        assertRefused("poll-records", "0");
        assertRefused("poll-records", "10001");
        assertRefused("poll-size", "63KB");
        assertRefused("poll-size", "65MB");
        assertRefused("record-size", "1023B");
        assertRefused("score-queue", "999");
        assertRefused("topics.samples", "");
        assertRefused("topics.scores", "with space");
        assertRefused("topics.scores", "telltale.samples");
    }
}
