package dev.telltale.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

@ExtendWith(OutputCaptureExtension.class)
class SettingsCheckTest {

    @Test
    void knownSettingsPass() {
        assertThatCode(() -> check("file", Map.of("telltale.demo", "true"))).doesNotThrowAnyException();
    }

    @Test
    void settingsOfOthersPass() {
        assertThatCode(() -> check("file", Map.of("spring.unheard-of", "1"))).doesNotThrowAnyException();
    }

    @Test
    void anUnknownKeyStopsTheStartAndTheNearestOneIsNamed() {
        assertThatThrownBy(() -> check("commandLineArgs", Map.of("telltale.dmo", "true")))
                .isInstanceOf(StartRefused.class)
                .hasMessage(
                        "The setting 'telltale.dmo' (from commandLineArgs) is not known; did you mean 'telltale.demo'?");
    }

    @Test
    void anUnknownVariableIsOnlyWarnedOf(CapturedOutput output) {
        check(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, Map.of("TELLTALE_DMO", "true"));
        assertThat(output)
                .contains("The environment variable 'TELLTALE_DMO' is not known; did you mean 'telltale.demo'?");
    }

    @Test
    void aVariableForTestsIsNotWarnedOf(CapturedOutput output) {
        check(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                Map.of("TELLTALE_CORPORA", "/data", "TELLTALE_DEMO", "true"));
        assertThat(output).doesNotContain("TELLTALE_");
    }

    private static void check(String source, Map<String, Object> settings) {
        Map<String, Object> all = new LinkedHashMap<>(settings);
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(other -> environment.getPropertySources().remove(other.getName()));
        environment.getPropertySources().addFirst(new MapPropertySource(source, all));
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerBeanDefinition("ops", new RootBeanDefinition(OpsProperties.class));
        new SettingsCheck(environment).postProcessBeanFactory(beans);
    }
}
