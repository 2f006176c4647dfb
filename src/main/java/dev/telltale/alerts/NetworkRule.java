package dev.telltale.alerts;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/// Which addresses something may be sent to: those of the public internet, and the networks that the operator
/// allows. A caller of the API must not reach through this service what he cannot reach himself: this machine, its
/// neighbours, the metadata service of its cloud.
///
/// @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA's special-purpose addresses</a>
final class NetworkRule {

    private static final List<Network> NOT_PUBLIC_4 = networks(
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // carriers' own
            "127.0.0.0/8", // loopback
            "168.63.129.16/32", // the platform below machines in Azure
            "169.254.0.0/16", // link-local, the metadata services
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays of 6to4
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4"); // reserved, broadcast

    /// Of IPv6 one eighth is given out; all else is not public.
    private static final Network GLOBAL_6 = Network.parse("2000::/3");

    private static final List<Network> NOT_PUBLIC_6 = networks(
            "2001::/23", // protocol assignments, Teredo among them, which holds an address of IPv4
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4, which holds an address of IPv4
            "3fff::/20"); // documentation

    private final List<Network> allowed;

    NetworkRule(List<Network> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /// Addresses of IPv6 that hold one of IPv4 (`::ffff:127.0.0.1`) have become that before they come here.
    boolean allows(InetAddress address) {
        return allowed.stream().anyMatch(network -> network.contains(address)) || isPublic(address);
    }

    private static boolean isPublic(InetAddress address) {
        if (address instanceof Inet4Address) {
            return NOT_PUBLIC_4.stream().noneMatch(network -> network.contains(address));
        }
        return GLOBAL_6.contains(address) && NOT_PUBLIC_6.stream().noneMatch(network -> network.contains(address));
    }

    private static List<Network> networks(String... texts) {
        return Stream.of(texts).map(Network::parse).toList();
    }
}
