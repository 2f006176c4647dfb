package dev.telltale.database;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/// Names of processes.
final class ReplicaName {

    /// As host names are.
    static final String ALLOWED = "[A-Za-z0-9._-]{1,63}";

    private static final String UNKNOWN = "telltale";
    private static final int RANDOM_BYTES = 4;
    private static final SecureRandom RANDOM = new SecureRandom();

    private ReplicaName() {}

    /// A name that begins with this one and that no other process has.
    static String unique(String name) {
        byte[] bytes = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(bytes);
        return name + "-" + HexFormat.of().formatHex(bytes);
    }

    /// What the machine is called, or the container.
    static String ofHost() {
        return Optional.ofNullable(System.getenv("HOSTNAME"))
                .filter(name -> name.matches(ALLOWED))
                .orElseGet(ReplicaName::ofNetwork);
    }

    private static String ofNetwork() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return name.matches(ALLOWED) ? name : UNKNOWN;
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }
}
