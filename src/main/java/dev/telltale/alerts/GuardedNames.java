package dev.telltale.alerts;

import dev.telltale.problem.Excerpt;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/// Tells of names only the addresses that may be sent to. A connection goes to the very addresses it returns, so
/// that a name which answers differently the next time gains nothing.
final class GuardedNames implements Names {

    private final Names names;
    private final NetworkRule rule;

    GuardedNames(Names names, NetworkRule rule) {
        this.names = names;
        this.rule = rule;
    }

    /// A name with one forbidden address is forbidden as a whole. What is an address already is not looked up: it
    /// waits for no name server.
    ///
    /// @throws ForbiddenAddressException if it is
    @Override
    public List<InetAddress> resolve(String host) throws UnknownHostException {
        Optional<InetAddress> literal = Network.literal(host);
        List<InetAddress> addresses = literal.isPresent() ? List.of(literal.get()) : names.resolve(host);
        for (InetAddress address : addresses) {
            if (!rule.allows(address)) {
                throw new ForbiddenAddressException(host, address);
            }
        }
        return addresses;
    }

    /// Refuses a URL whose host lies in a forbidden network now. A host that nobody knows yet passes: it is asked for
    /// again at each connection.
    ///
    /// @throws dev.telltale.problem.Problem `FORBIDDEN_URL`
    void check(ReceiverUrl url) {
        try {
            resolve(url.host());
        } catch (ForbiddenAddressException forbidden) {
            throw AlertsProblem.FORBIDDEN_URL.because(
                    "nothing is sent to this address: %s", String.valueOf(forbidden.getMessage()));
        } catch (UnknownHostException notYet) {
            // See above.
        }
    }

    /// A host is, or has become, one of a network that is not allowed.
    static final class ForbiddenAddressException extends UnknownHostException {

        private static final long serialVersionUID = 1;

        private ForbiddenAddressException(String host, InetAddress address) {
            super("%s (%s) is in a private or special network; the setting telltale.alerts.allowed-networks allows some"
                    .formatted(Excerpt.of(host), address.getHostAddress()));
        }
    }
}
