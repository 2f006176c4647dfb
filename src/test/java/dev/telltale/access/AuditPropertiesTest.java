package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class AuditPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void hasDefaults() {
        runner.run(context -> assertThat(context.getBean(AuditProperties.class))
                .isEqualTo(new AuditProperties(DataSize.ofMegabytes(16), 16)));
    }

    @Test
    void takesEverySetting() {
        runner.withPropertyValues("telltale.access.audit.file-size=64KB", "telltale.access.audit.files=2")
                .run(context -> assertThat(context.getBean(AuditProperties.class))
                        .isEqualTo(new AuditProperties(DataSize.ofKilobytes(64), 2)));
    }

    @ParameterizedTest
    @CsvSource({"file-size=63KB", "file-size=2GB", "file-size=much", "files=1", "files=1001", "file=3"})
    void stopsTheStartForABadValueOrAMisspeltName(String setting) {
        String name = setting.substring(0, setting.indexOf('='));
        runner.withPropertyValues("telltale.access.audit." + setting)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining(name));
    }

    @Configuration
    @EnableConfigurationProperties(AuditProperties.class)
    static class Bound {}
}
