package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class ListenAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "localhost", "127.8.9.1"})
    void loopbackAddressesNeedNobodyToBeKnown(String address) {
        ListenAddress listen = of(Map.of("server.address", address));
        assertThat(listen.isLoopback()).isTrue();
        assertThatCode(() -> listen.refuseStrangers(false)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "", "192.0.2.7"})
    void anyOtherAddressStopsTheStartWhileNobodyIsKnown(String address) {
        ListenAddress listen = of(Map.of("server.address", address));
        assertThat(listen.isLoopback()).isFalse();
        assertThatThrownBy(() -> listen.refuseStrangers(false))
                .isInstanceOf(AccessRefused.class)
                .hasMessage("Telltale knows no key and no issuer of tokens, so it only listens on this machine;"
                        + " server.address is '" + address + "'.")
                .extracting(refused -> ((AccessRefused) refused).advice())
                .asString()
                .contains("keys generate", "--telltale.access.key-file=");
        assertThatCode(() -> listen.refuseStrangers(true)).doesNotThrowAnyException();
    }

    @Test
    void noAddressIsAllAddresses() {
        assertThat(of(Map.of()).elsewhere()).contains("server.address is ''");
    }

    @Test
    void aPortOfItsOwnForActuatorCountsToo() {
        assertThat(of(Map.of("server.address", "127.0.0.1", "management.server.port", "9090"))
                        .elsewhere())
                .contains("management.server.address is ''");
        assertThat(of(Map.of(
                                "server.address",
                                "127.0.0.1",
                                "management.server.port",
                                "9090",
                                "management.server.address",
                                "127.0.0.1"))
                        .isLoopback())
                .isTrue();
    }

    @Test
    void anAddressThatIsNotKnownStopsTheStart() {
        assertThatThrownBy(() -> of(Map.of("server.address", "no such host")))
                .isInstanceOf(AccessRefused.class)
                .hasMessage("The address 'no such host' is not known here.");
    }

    private static ListenAddress of(Map<String, Object> settings) {
        StandardEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().addFirst(new MapPropertySource("test", settings));
        return ListenAddress.of(environment);
    }
}
