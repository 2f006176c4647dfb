package dev.telltale.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeerTest {

    @Test
    void isCountedByItsKeyWhereverItCallsFrom() {
        assertThat(new Peer(Optional.of("agent"), "192.0.2.1").counted())
                .isEqualTo(new Peer(Optional.of("agent"), "192.0.2.2").counted())
                .isNotEqualTo(new Peer(Optional.of("192.0.2.1"), "192.0.2.1").place());
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "2001:db8:1:2:3:4:5:6, 20010db800010002/64",
        "2001:db8:1:2:ffff:0:0:1, 20010db800010002/64",
        "2001:db8:1:3::1, 20010db800010003/64",
        "::ffff:192.0.2.1, 192.0.2.1",
        "0:0:0:0:0:0:0:1, 0000000000000000/64",
        "not:an:address, not:an:address"
    })
    void isCountedByItsAddressOrItsNetworkOfIpv6WithoutAKey(String address, String counted) {
        assertThat(new Peer(Optional.empty(), address).counted()).isEqualTo(counted);
    }
}
