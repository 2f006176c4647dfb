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

    @Test
    void loopbackAddressesPass() {
        assertThatCode(() -> listen("127.0.0.1")).doesNotThrowAnyException();
        assertThatCode(() -> listen("::1")).doesNotThrowAnyException();
        assertThatCode(() -> listen("localhost")).doesNotThrowAnyException();
    }

    @Test
    void anyOtherAddressStopsTheStart() {
        assertThatThrownBy(() -> listen("0.0.0.0"))
                .hasMessage("Telltale has no access keys yet, so it only listens on this machine;"
                        + " server.address is '0.0.0.0'.");
        assertThatThrownBy(() -> listen("")).hasMessageEndingWith("server.address is ''.");
        assertThatThrownBy(() -> listen("192.0.2.7")).isInstanceOf(StartRefused.class);
    }

    @Test
    void aPortOfItsOwnForActuatorNeedsALoopbackAddressToo() {
        assertThatThrownBy(() -> check("file", Map.of("management.server.port", "9090")))
                .hasMessageEndingWith("management.server.address is ''.");
        assertThatCode(() -> check(
                        "file", Map.of("management.server.port", "9090", "management.server.address", "127.0.0.1")))
                .doesNotThrowAnyException();
    }

    private static void listen(String address) {
        check("file", Map.of("server.address", address));
    }

    private static void check(String source, Map<String, Object> settings) {
        Map<String, Object> all = new LinkedHashMap<>(settings);
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .forEach(other -> environment.getPropertySources().remove(other.getName()));
        environment.getPropertySources().addFirst(new MapPropertySource(source, all));
        environment.getPropertySources().addLast(new MapPropertySource("defaults", Map.of("server.address", "::1")));
        DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
        beans.registerBeanDefinition("ops", new RootBeanDefinition(OpsProperties.class));
        new SettingsCheck(environment).postProcessBeanFactory(beans);
    }
}
