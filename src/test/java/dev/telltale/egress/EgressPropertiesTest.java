package dev.telltale.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.telltale.egress.EgressProperties.RemoteWrite;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class EgressPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void hasDefaults() {
        runner.run(context -> assertThat(context.getBean(EgressProperties.class))
                .isEqualTo(new EgressProperties(
                        1_000,
                        Duration.ofMinutes(10),
                        new RemoteWrite("", "", Duration.ofSeconds(5), 2_000, 100_000, Duration.ofHours(1)))));
    }

    @Test
    void takesEverySetting() {
        runner.withPropertyValues(
                        "telltale.egress.exported-series=7",
                        "telltale.egress.stale-after=2h",
                        "telltale.egress.remote-write.url=https://mimir.example/api/v1/push?x=1",
                        "telltale.egress.remote-write.bearer-token=abc",
                        "telltale.egress.remote-write.timeout=250ms",
                        "telltale.egress.remote-write.batch=40",
                        "telltale.egress.remote-write.queue=50",
                        "telltale.egress.remote-write.max-age=3d")
                .run(context -> assertThat(context.getBean(EgressProperties.class))
                        .isEqualTo(new EgressProperties(
                                7,
                                Duration.ofHours(2),
                                new RemoteWrite(
                                        "https://mimir.example/api/v1/push?x=1",
                                        "abc",
                                        Duration.ofMillis(250),
                                        40,
                                        50,
                                        Duration.ofDays(3)))));
    }

    @Test
    void takesAnEmptyAddressForNone() {
        runner.withPropertyValues("telltale.egress.remote-write.url=")
                .run(context -> assertThat(context.getBean(EgressProperties.class)
                                .remoteWrite()
                                .address())
                        .isEmpty());
    }

    @Test
    void keepsTheTokenToItself() {
        RemoteWrite settings = new RemoteWrite(
                "http://far.example:9/write?key=hidden", "hidden", Duration.ofSeconds(1), 4, 4, Duration.ofHours(1));
        assertThat(settings.toString()).contains("http://far.example:9/write").doesNotContain("hidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exported-series=-1",
                "exported-series=100001",
                "stale-after=999ms",
                "stale-after=367d",
                "remote-write.url=ftp://far.example/",
                "remote-write.url=far.example:9090",
                "remote-write.url=http://user:secret@far.example/",
                "remote-write.url=http:///write",
                "remote-write.url=http://far.example/a b",
                "remote-write.bearer-token=a b",
                "remote-write.timeout=99ms",
                "remote-write.timeout=6m",
                "remote-write.batch=3",
                "remote-write.batch=50001",
                "remote-write.queue=1999",
                "remote-write.queue=10000001",
                "remote-write.max-age=0s",
                "exported-serie=1",
                "remote-write.token=x"
            })
    void stopsTheStartForABadValueOrAMisspeltName(String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        runner.withPropertyValues("telltale.egress." + setting)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(name));
    }

    @Configuration
    @EnableConfigurationProperties(EgressProperties.class)
    static class Bound {}
}
