package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class DatabasePropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void keepsDataBesideTheServiceByDefault() {
        runner.run(context ->
                assertThat(context.getBean(DatabaseProperties.class).dataDir()).isEqualTo(Path.of("data")));
    }

    @Test
    void takesAnotherDirectory() {
        runner.withPropertyValues("telltale.data-dir=/var/lib/telltale")
                .run(context -> assertThat(
                                context.getBean(DatabaseProperties.class).dataDir())
                        .isEqualTo(Path.of("/var/lib/telltale")));
    }

    @Test
    void takesAnEmptyNameForNone() {
        runner.withPropertyValues("telltale.data-dir=")
                .run(context -> assertThat(
                                context.getBean(DatabaseProperties.class).dataDir())
                        .isEqualTo(Path.of("data")));
    }

    @Configuration
    @EnableConfigurationProperties(DatabaseProperties.class)
    static class Bound {}
}
