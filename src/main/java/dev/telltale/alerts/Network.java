package dev.telltale.alerts;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/// A range of addresses, as `10.0.0.0/8` or `fd00::/8` spells it. A single address is a range too.
///
/// @param address lowest of the range
/// @param bits that all addresses of the range share with it
record Network(InetAddress address, int bits) {

    private static final Pattern BITS = Pattern.compile("\\d{1,3}");
    private static final Pattern FOUR_NUMBERS =
            Pattern.compile("(?:(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(?:\\.(?!$)|$)){4}");

    Network {
        int all = Byte.SIZE * address.getAddress().length;
        if (bits < 0 || bits > all) {
            throw new IllegalArgumentException("a network has 0 to " + all + " bits, not " + bits);
        }
    }

    /// @throws IllegalArgumentException if it is no network
    static Network parse(String text) {
        String[] parts = text.strip().split("/", -1);
        boolean isAddress = parts[0].contains(":") ? !parts[0].contains("%") : isFourNumbers(parts[0]);
        if (!isAddress
                || parts.length > 2
                || (parts.length == 2 && !BITS.matcher(parts[1]).matches())) {
            throw new IllegalArgumentException("'" + text + "' is no network such as 10.0.0.0/8 or fd00::/8");
        }
        InetAddress address = InetAddress.ofLiteral(parts[0]);
        return new Network(
                address, parts.length == 2 ? Integer.parseInt(parts[1]) : Byte.SIZE * address.getAddress().length);
    }

    /// Whether a text is an address of IPv4 in the one form that all readers take for the same.
    static boolean isFourNumbers(String text) {
        return FOUR_NUMBERS.matcher(text).matches();
    }

    /// The address that a host is, where it is written as one: nobody needs to be asked for it.
    ///
    /// @param host without the brackets of IPv6
    static Optional<InetAddress> literal(String host) {
        return host.contains(":") || isFourNumbers(host) ? Optional.of(InetAddress.ofLiteral(host)) : Optional.empty();
    }

    boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] its = other.getAddress();
        if (mine.length != its.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % Byte.SIZE);
            if ((mine[bit / Byte.SIZE] & mask) != (its[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return address.getHostAddress() + "/" + bits;
    }
}
