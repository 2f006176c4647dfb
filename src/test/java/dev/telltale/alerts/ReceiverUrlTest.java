package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.telltale.problem.Problem;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReceiverUrlTest {

    static final List<String> HOSTILE = HostileUrls.ALL;

    @ParameterizedTest
    @FieldSource("HOSTILE")
    void aHostileAddressIsRefused(String url) {
        try (SystemNames names = new SystemNames(Duration.ofSeconds(5))) {
            GuardedNames guarded = new GuardedNames(names, new NetworkRule(List.of()));
            assertThatThrownBy(() -> guarded.check(ReceiverUrl.parse(url)))
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.type()).isEqualTo(AlertsProblem.FORBIDDEN_URL));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.example.com/telltale",
                "HTTPS://Hooks.Example.COM:8443/a/b?c=d&e=%2F",
                "http://8.8.8.8/",
                "http://[2606:4700::1111]:9093",
                "https://xn--bcher-kva.example/",
                "https://1a.example.com",
                "https://1.2.3.4.example.com"
            })
    void anAddressOfThePublicInternetIsTaken(String url) {
        GuardedNames guarded = new GuardedNames(
                host -> List.of(java.net.InetAddress.ofLiteral("93.184.215.14")), new NetworkRule(List.of()));
        assertThatCode(() -> guarded.check(ReceiverUrl.parse(url))).doesNotThrowAnyException();
        assertThat(ReceiverUrl.parse(url)).hasToString(url);
    }

    @Test
    void anAddressHasALimit() {
        assertThatThrownBy(() -> ReceiverUrl.parse("https://example.com/" + "a".repeat(2_000)))
                .hasMessageContaining("2000");
    }

    @Test
    void aNameThatNobodyKnowsYetIsTakenSinceItIsAskedForAgain() {
        GuardedNames guarded = new GuardedNames(
                host -> {
                    throw new java.net.UnknownHostException(host);
                },
                new NetworkRule(List.of()));
        assertThatCode(() -> guarded.check(ReceiverUrl.parse("https://later.example.com")))
                .doesNotThrowAnyException();
    }
}
