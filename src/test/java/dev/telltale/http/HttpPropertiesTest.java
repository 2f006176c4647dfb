package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class HttpPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void hasDefaults() {
        runner.run(context -> assertThat(context.getBean(HttpProperties.class))
                .isEqualTo(new HttpProperties(DataSize.ofMegabytes(32), DataSize.ofGigabytes(1))));
    }

    @Test
    void takesEverySetting() {
        runner.withPropertyValues("telltale.http.max-body=2KB", "telltale.http.max-upload=3MB")
                .run(context -> assertThat(context.getBean(HttpProperties.class))
                        .isEqualTo(new HttpProperties(DataSize.ofKilobytes(2), DataSize.ofMegabytes(3))));
    }

    @ParameterizedTest
    @CsvSource({"max-body=1023B", "max-body=2GB", "max-upload=31MB", "max-upload=much", "max-uplaod=1GB"})
    void stopsTheStartForABadValueOrAMisspeltName(String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        runner.withPropertyValues("telltale.http." + setting)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(name));
    }

    @Configuration
    @EnableConfigurationProperties(HttpProperties.class)
    static class Bound {}
}
