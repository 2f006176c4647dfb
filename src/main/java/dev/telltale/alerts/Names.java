package dev.telltale.alerts;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// Who knows the addresses of names.
@FunctionalInterface
interface Names {

    /// The addresses of a host, at least one.
    ///
    /// @throws UnknownHostException if it has none, or none that is known in time
    List<InetAddress> resolve(String host) throws UnknownHostException;
}
