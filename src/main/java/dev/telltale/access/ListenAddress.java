package dev.telltale.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.core.env.Environment;

/// Where the service listens: on this machine's own addresses only, or where others reach it.
///
/// @param elsewhere the first setting whose address others reach, as `key is 'value'`
record ListenAddress(Optional<String> elsewhere) {

    /// From `server.address`, and `management.server.address` where Actuator has a port of its own.
    ///
    /// @throws AccessRefused if an address is not known here
    static ListenAddress of(Environment environment) {
        List<String> keys = new ArrayList<>(List.of("server.address"));
        String ownPort = environment.getProperty("management.server.port");
        if (ownPort != null && !ownPort.equals(environment.getProperty("server.port"))) {
            keys.add("management.server.address");
        }
        return new ListenAddress(keys.stream()
                .filter(key -> !isLoopback(address(environment, key)))
                .map(key -> key + " is '" + address(environment, key) + "'")
                .findFirst());
    }

    boolean isLoopback() {
        return elsewhere.isEmpty();
    }

    /// @param someoneIsKnown whether there is a valid key or an issuer of tokens
    /// @throws AccessRefused if strangers would reach a service that knows nobody
    void refuseStrangers(boolean someoneIsKnown) {
        if (!isLoopback() && !someoneIsKnown) {
            throw new AccessRefused(
                    "Telltale knows no key and no issuer of tokens, so it only listens on this machine; "
                            + elsewhere.orElseThrow() + ".",
                    "Make a key with `java -jar telltale.jar keys generate > admin.key` and start with"
                            + " --telltale.access.key-file=admin.key, or set server.address to 127.0.0.1.");
        }
    }

    private static String address(Environment environment, String key) {
        return Objects.requireNonNullElse(environment.getProperty(key), "").strip();
    }

    private static boolean isLoopback(String address) {
        try {
            return !address.isEmpty() && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new AccessRefused(
                    "The address '" + address + "' is not known here.", "Set server.address to 127.0.0.1.");
        }
    }
}
