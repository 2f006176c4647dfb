package dev.telltale.ops;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/// Keeps the service from listening where strangers could reach it: whoever reaches it may do anything,
/// as long as there are no keys.
final class ListenAddress {

    private ListenAddress() {}

    /// @throws StartRefused if the API or Actuator would listen on more than this machine's own addresses
    static void check(Environment environment) {
        check("server.address", environment.getProperty("server.address"));
        String ownPort = environment.getProperty("management.server.port");
        if (ownPort != null && !ownPort.equals(environment.getProperty("server.port"))) {
            check("management.server.address", environment.getProperty("management.server.address"));
        }
    }

    private static void check(String key, @Nullable String address) {
        if (address == null || address.isBlank() || !isLoopback(address)) {
            throw new StartRefused(
                    "Telltale has no access keys yet, so it only listens on this machine; %s is '%s'."
                            .formatted(key, address == null ? "" : address),
                    "Set " + key + " to 127.0.0.1 and let a proxy that knows its users forward to it.");
        }
    }

    private static boolean isLoopback(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new StartRefused(
                    "The address '" + address + "' is not known here.", "Set server.address to 127.0.0.1.");
        }
    }
}
