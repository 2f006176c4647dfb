package dev.telltale.drawing;

import java.util.Locale;

/// An opaque colour.
///
/// @param rgb red, green and blue, eight bits each
public record Colour(int rgb) {

    static final Colour WHITE = new Colour(0xffffff);
    static final Colour INK = new Colour(0x1f2933);
    static final Colour FAINT_INK = new Colour(0x5b6770);
    static final Colour GRID = new Colour(0xe4e7eb);

    // Told apart by people who do not see red and green (Okabe and Ito).
    public static final Colour BLUE = new Colour(0x0072b2);
    public static final Colour ORANGE = new Colour(0xe69f00);
    public static final Colour GREEN = new Colour(0x009e73);
    public static final Colour RED = new Colour(0xd55e00);
    public static final Colour GREY = new Colour(0x7b8794);
    public static final Colour PALE_RED = new Colour(0xf9dfce);

    public Colour {
        if (rgb < 0 || rgb > 0xffffff) {
            throw new IllegalArgumentException("a colour has 24 bits, not " + rgb);
        }
    }

    /// As SVG writes it, such as `#0072b2`.
    String hex() {
        return String.format(Locale.ROOT, "#%06x", rgb);
    }

    /// The colour a share of the way to another.
    ///
    /// @param share in [0, 1]
    Colour towards(Colour other, double share) {
        int mixed = 0;
        for (int shift = 16; shift >= 0; shift -= 8) {
            int from = (rgb >> shift) & 0xff;
            int to = (other.rgb >> shift) & 0xff;
            mixed |= (int) Math.round(from + share * (to - from)) << shift;
        }
        return new Colour(mixed);
    }

    /// Whether white letters on it are read more easily than dark ones.
    boolean isDark() {
        double luminance = 0.299 * ((rgb >> 16) & 0xff) + 0.587 * ((rgb >> 8) & 0xff) + 0.114 * (rgb & 0xff);
        return luminance < 140;
    }
}
