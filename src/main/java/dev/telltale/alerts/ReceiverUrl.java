package dev.telltale.alerts;

import dev.telltale.problem.Excerpt;
import dev.telltale.problem.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/// An address that may be sent to as far as its text tells: `http` or `https`, a host that can be read in one way
/// only, no user. Which network the host is in is asked where it is resolved.
///
/// @param uri absolute, in ASCII
public record ReceiverUrl(URI uri) {

    private static final int LONGEST = 2_000;
    private static final int LONGEST_HOST = 253;
    private static final int HIGHEST_PORT = 65_535;
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final Pattern NUMBER = Pattern.compile("\\d+|0[xX][0-9a-fA-F]*");

    public ReceiverUrl {
        check(uri);
    }

    /// The address that a text spells.
    ///
    /// @throws Problem `FORBIDDEN_URL` with what is wrong
    public static ReceiverUrl parse(String text) {
        if (text.length() > LONGEST) {
            throw forbidden("it is longer than " + LONGEST + " characters");
        }
        try {
            return new ReceiverUrl(new URI(text));
        } catch (URISyntaxException notAUri) {
            throw forbidden("'" + Excerpt.of(text) + "' is no URL");
        }
    }

    /// The host, without the brackets of IPv6.
    public String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static void check(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            throw forbidden("it must begin with https:// or http://");
        }
        if (uri.getRawUserInfo() != null
                || (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@"))) {
            throw forbidden("a user or password has no place in it");
        }
        if (uri.getHost() == null) {
            throw forbidden("it needs a host: a name in ASCII, four decimal numbers, or IPv6 in brackets");
        }
        if (uri.getPort() == 0 || uri.getPort() > HIGHEST_PORT) {
            throw forbidden("its port must be 1 to " + HIGHEST_PORT);
        }
        if (uri.getRawFragment() != null) {
            throw forbidden("a fragment (#…) is not sent; leave it out");
        }
        if (!uri.toASCIIString().equals(uri.toString())) {
            throw forbidden("it has characters beyond ASCII; write them as %xx");
        }
        checkHost(uri.getHost());
    }

    /// Java, the resolver and other readers of URLs must not see different hosts, so that forms such as `0177.0.0.1`
    /// or `127.1` are refused, whatever they would mean.
    private static void checkHost(String host) {
        if (host.startsWith("[")) {
            if (host.contains("%")) {
                throw forbidden("an address with a zone is one of this machine's links");
            }
            return;
        }
        if (Network.isFourNumbers(host)) {
            return;
        }
        if (host.length() > LONGEST_HOST) {
            throw forbidden("its host is longer than " + LONGEST_HOST + " characters");
        }
        // The last part of one that ends with a dot is empty: such a name is another one to who checks certificates.
        String[] labels = host.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                throw forbidden("its host is no name such as hooks.example.com");
            }
        }
        if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
            throw forbidden("its host is a number that can be read in several ways; write four decimal numbers");
        }
    }

    private static Problem forbidden(String why) {
        return AlertsProblem.FORBIDDEN_URL.because("nothing is sent to this address: %s", why);
    }

    @Override
    public String toString() {
        return uri.toString();
    }
}
