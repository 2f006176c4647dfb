package dev.telltale.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Optional;

/// Who sends a request. What proxies say in headers of whom they speak for is not believed: anybody can write it.
///
/// @param user the name of its key or token, empty without one
/// @param address of the other end of the connection
record Peer(Optional<String> user, String address) {

    private static final int BYTES_OF_A_NETWORK = 8;

    static Peer of(HttpServletRequest request) {
        return new Peer(Optional.ofNullable(request.getRemoteUser()), request.getRemoteAddr());
    }

    /// What its requests are counted under.
    String counted() {
        return user.map(name -> "user " + name).orElseGet(this::place);
    }

    /// What its address is counted under: of IPv6 the network of 64 bits, since who has one has all addresses of it.
    String place() {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(parsed.getAddress(), 0, BYTES_OF_A_NETWORK) + "/64"
                    : parsed.getHostAddress();
        } catch (IllegalArgumentException notAnAddress) {
            return address;
        }
    }
}
