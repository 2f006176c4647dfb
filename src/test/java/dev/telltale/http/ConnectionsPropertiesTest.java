package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class ConnectionsPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void hasDefaults() throws Exception {
        ConnectionsProperties defaults = new ConnectionsProperties(Duration.ofSeconds(15), null);
        runner.run(context ->
                assertThat(context.getBean(ConnectionsProperties.class)).isEqualTo(defaults));
        assertThat(defaults.drainDelayOn(InetAddress.getLoopbackAddress())).isZero();
        assertThat(defaults.drainDelayOn(InetAddress.getByName("10.0.0.7"))).isEqualTo(Duration.ofSeconds(5));
        assertThat(defaults.drainDelayOn(null)).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void takesEverySetting() {
        ConnectionsProperties expected = new ConnectionsProperties(Duration.ofMillis(100), Duration.ofSeconds(15));
        runner.withPropertyValues("telltale.connections.patience=100ms", "telltale.connections.drain-delay=15s")
                .run(context ->
                        assertThat(context.getBean(ConnectionsProperties.class)).isEqualTo(expected));
        assertThat(expected.drainDelayOn(InetAddress.getLoopbackAddress())).isEqualTo(Duration.ofSeconds(15));
    }

    @ParameterizedTest
    @CsvSource({"patience=99ms", "patience=61m", "drain-delay=-1s", "drain-delay=16s", "drain-delay=soon", "patient=1s"
    })
    void stopsTheStartForABadValueOrAMisspeltName(String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        runner.withPropertyValues("telltale.connections." + setting)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(name));
    }

    @Configuration
    @EnableConfigurationProperties(ConnectionsProperties.class)
    static class Bound {}
}
