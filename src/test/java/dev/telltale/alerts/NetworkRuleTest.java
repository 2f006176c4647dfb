package dev.telltale.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkRuleTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "100.63.255.255",
                "100.128.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "168.63.129.17",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00:1450::1",
                "2001:200::1"
            })
    void thePublicInternetIsAllowed(String address) {
        assertThat(new NetworkRule(List.of()).allows(InetAddress.ofLiteral(address)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "10.1.2.3",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "169.254.169.254",
                "172.16.0.0",
                "172.31.255.255",
                "192.168.0.0",
                "198.19.255.255",
                "224.0.0.0",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "64:ff9b::8.8.8.8",
                "fe80::1",
                "fd12::1",
                "ff05::2",
                "2001:db8::1",
                "2001:0:1::",
                "2002:808:808::",
                "3fff::1",
                "4000::1"
            })
    void allElseIsNot(String address) {
        assertThat(new NetworkRule(List.of()).allows(InetAddress.ofLiteral(address)))
                .isFalse();
    }

    @Test
    void whatTheOperatorAllowsIsAllowedAndNoMore() {
        NetworkRule rule = rule("127.0.0.0/8", "10.1.0.0/17", "192.168.7.9", "fd00::/9", "::1");
        assertThat(Stream.of("127.9.9.9", "10.1.127.255", "192.168.7.9", "fd7f::1", "::1", "8.8.8.8")
                        .filter(address -> !rule.allows(InetAddress.ofLiteral(address))))
                .isEmpty();
        assertThat(Stream.of("10.1.128.0", "192.168.7.8", "fd80::1", "::2", "169.254.169.254")
                        .filter(address -> rule.allows(InetAddress.ofLiteral(address))))
                .isEmpty();
        assertThat(rule("0.0.0.0/0").allows(InetAddress.ofLiteral("::1"))).isFalse();
    }

    @Test
    void anAddressOfIpv4WithinIpv6IsThatOfIpv4() {
        assertThat(rule("127.0.0.0/8").allows(InetAddress.ofLiteral("::ffff:127.0.0.1")))
                .isTrue();
        assertThat(rule("::/0").allows(InetAddress.ofLiteral("::ffff:127.0.0.1")))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "10.0.0/8",
                "::/129",
                "example.com/8",
                "10.0.0.0/",
                "fe80::1%eth0/64"
            })
    void whatIsNoNetworkIsRefused(String text) {
        assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    private static NetworkRule rule(String... allowed) {
        return new NetworkRule(Stream.of(allowed).map(Network::parse).toList());
    }
}
