package dev.telltale.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

class PostgresPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void noServerIsUsedByDefault() {
        runner.run(context -> {
            PostgresProperties properties = context.getBean(PostgresProperties.class);
            assertThat(properties.areGiven()).isFalse();
            assertThat(properties.user()).isEqualTo("telltale");
            assertThat(properties.passwordFile()).isNull();
            assertThat(properties.pool()).isEqualTo(10);
        });
    }

    @Test
    void allCanBeSet() {
        runner.withPropertyValues(
                        "telltale.database.url=jdbc:postgresql://one,two:5433/tt?targetServerType=primary",
                        "telltale.database.user=operator",
                        "telltale.database.password-file=/run/secrets/database",
                        "telltale.database.pool=6")
                .run(context -> {
                    PostgresProperties properties = context.getBean(PostgresProperties.class);
                    assertThat(properties)
                            .isEqualTo(new PostgresProperties(
                                    "jdbc:postgresql://one,two:5433/tt?targetServerType=primary",
                                    "operator",
                                    Path.of("/run/secrets/database"),
                                    6));
                    assertThat(properties.areGiven()).isTrue();
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "telltale.database.url=jdbc:mysql://localhost/tt",
                "telltale.database.url=jdbc:postgresql://localhost/tt?user=me",
                "telltale.database.url=jdbc:postgresql://localhost/tt?ssl=true&password=mine",
                "telltale.database.user= ",
                "telltale.database.pool=5",
                "telltale.database.pool=201",
                "telltale.database.pool=many",
                "telltale.database.password-file=/run/secrets/database",
                "telltale.database.passwordfiles=/run/secrets/database"
            })
    void aBadValueOrAMisspeltNameStopsTheStart(String setting) {
        runner.withPropertyValues(setting)
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining(setting.contains("many") ? "many" : "telltale.database"));
    }

    @Configuration
    @EnableConfigurationProperties(PostgresProperties.class)
    static class Bound {}
}
