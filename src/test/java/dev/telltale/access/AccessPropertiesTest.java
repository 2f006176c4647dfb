package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/// Misspelt names are found by `SettingsCheck`, since another record shares the prefix.
class AccessPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void nobodyIsKnownByDefault() {
        runner.run(context -> {
            AccessProperties properties = context.getBean(AccessProperties.class);
            assertThat(properties.keyFile()).isNull();
            assertThat(properties.issuer()).isNull();
            assertThat(properties.rolesClaim()).isEqualTo("roles");
        });
    }

    @Test
    void everySettingIsRead() {
        runner.withPropertyValues(
                        "telltale.access.key-file=/run/secrets/telltale",
                        "telltale.access.issuer=https://login.example.com/realm",
                        "telltale.access.audience=telltale",
                        "telltale.access.jwk-set-uri=https://login.example.com/keys",
                        "telltale.access.roles-claim=realm_access.roles")
                .run(context -> {
                    AccessProperties properties = context.getBean(AccessProperties.class);
                    assertThat(properties.keyFile()).isEqualTo(Path.of("/run/secrets/telltale"));
                    assertThat(properties.issuer()).hasToString("https://login.example.com/realm");
                    assertThat(properties.audience()).isEqualTo("telltale");
                    assertThat(properties.jwkSetUri()).hasToString("https://login.example.com/keys");
                    assertThat(properties.rolesClaim()).isEqualTo("realm_access.roles");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "telltale.access.issuer=https://login.example.com",
                "telltale.access.audience=telltale",
                "telltale.access.jwk-set-uri=https://login.example.com/keys",
                "telltale.access.issuer=login.example.com",
                "telltale.access.issuer=file:///etc/passwd",
                "telltale.access.roles-claim= "
            })
    void stopsTheStartForWhatMakesNoSense(String setting) {
        runner.withPropertyValues(setting)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("telltale.access."));
    }

    @Configuration
    @EnableConfigurationProperties(AccessProperties.class)
    static class Bound {}
}
