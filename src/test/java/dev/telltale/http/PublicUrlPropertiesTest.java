package dev.telltale.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

/// Misspelt names are found by `SettingsCheck`, since other records share the prefix.
class PublicUrlPropertiesTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner().withUserConfiguration(Bound.class);

    @Test
    void linksLeadToThisMachineByDefault() {
        runner.run(context -> assertThat(
                        context.getBean(PublicUrlProperties.class).url().of("/api/v1/incidents/3"))
                .hasToString("http://localhost:8080/api/v1/incidents/3"));
    }

    @Test
    void linksBeginAsTheOperatorSays() {
        runner.withPropertyValues("telltale.public-url=https://example.com/telltale/")
                .run(context -> assertThat(
                                context.getBean(PublicUrlProperties.class).url().of("/api/v1/incidents/3"))
                        .hasToString("https://example.com/telltale/api/v1/incidents/3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"example.com", "ftp://example.com", "https://", "https://a:b@example.com", "https://a/?b=c"})
    void stopsTheStartForWhatIsNoPlaceOnTheWeb(String url) {
        runner.withPropertyValues("telltale.public-url=" + url)
                .run(context -> assertThat(context).getFailure().hasStackTraceContaining("public"));
    }

    @Configuration
    @EnableConfigurationProperties(PublicUrlProperties.class)
    static class Bound {}
}
